//! Whom we trust to be who they say they are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio_rustls::TlsConnector;

/// What TLS connections are made with: the authorities this machine trusts, and one more if the desk is told so.
/// Cheap to clone; make one at start.
#[derive(Clone)]
pub struct Tls(TlsConnector);

/// The trusted authorities could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of `extra_ca_file` cannot be read, or holds no certificate.
    #[error("The file {path} of the setting extra_ca_file holds no certificate that can be read: {why}.")]
    ExtraCa {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The cryptography of this build does not fit together.
    #[error("TLS cannot be set up: {0}.")]
    Setup(#[from] rustls::Error),
}

impl Tls {
    /// Trusts the authorities of the operating system, and those in the PEM file `extra_ca` as well (the setting
    /// `extra_ca_file`, for servers whose certificate a company signed itself).
    pub fn new(extra_ca: Option<&Path>) -> Result<Tls, TlsError> {
        let mut roots = RootCertStore::empty();
        let system = rustls_native_certs::load_native_certs();
        for error in &system.errors {
            tracing::warn!(%error, "a trusted authority of the operating system cannot be read");
        }
        roots.add_parsable_certificates(system.certs);
        if let Some(path) = extra_ca {
            add(&mut roots, path).map_err(|why| TlsError::ExtraCa { path: path.to_owned(), why })?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Tls(TlsConnector::from(Arc::new(config))))
    }

    pub(crate) fn connector(&self) -> &TlsConnector {
        &self.0
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

fn add(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    let mut added = 0;
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())? {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
        added += 1;
    }
    if added == 0 { Err("it has no PEM certificate".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extra_authority_that_is_none_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, "nothing here").unwrap();
        let refused = Tls::new(Some(&file)).unwrap_err().to_string();
        assert!(refused.contains("ca.pem") && refused.contains("extra_ca_file"), "{refused}");
        assert!(Tls::new(Some(&folder.path().join("missing.pem"))).is_err());
    }
}
