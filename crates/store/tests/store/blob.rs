//! Blobs: what a case owns comes back whole, and what nobody owns goes.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use store::blob::{self, Blob};
use store::{Db, Error, Lock};

use crate::both;
use testkit::Home;

use crate::support::{NOW, add_case, add_customer, count};

both!(small_and_large_come_back, a_refused_write_owns_nothing, many_keep_the_same_bytes);

/// Bytes that differ at every place.
fn bytes(size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from(at * 7 % 251).unwrap()).collect()
}

async fn give(db: &Db, case: &domain::Case, it: Blob) -> Result<(), Error> {
    let (customer, case) = (case.customer, case.id);
    blob::keep(db, std::slice::from_ref(&it)).await?;
    db.write([Lock::Customer(customer)], async move |tx| blob::insert(tx, customer, case, &it).await).await
}

async fn read(db: &Db, case: &domain::Case, hash: &str) -> Result<Vec<u8>, Error> {
    let (customer, case, hash) = (case.customer, case.id, hash.to_owned());
    db.read(async move |rx| blob::read(rx, customer, case, &hash).await).await
}

async fn small_and_large_come_back(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let other = add_case(&db, ann, NOW, |_| ()).await;
    // Nothing, a byte, the largest row, the smallest file, several parts and a rest.
    for size in [0, 1, 64 * 1024, 64 * 1024 + 1, 2 * 1024 * 1024 + 3] {
        let it = Blob::new(bytes(size));
        let hash = it.hash.clone();
        assert_eq!(it.size(), size as u64);
        for _ in 0..2 {
            give(&db, &case, it.clone()).await.unwrap(); // Twice: once in a mail, once in its answer.
        }
        assert!(read(&db, &case, &hash).await.unwrap() == it.bytes, "{size} bytes");
        assert!(matches!(read(&db, &other, &hash).await, Err(Error::NotFound)), "another case does not own it");
    }
    assert_eq!(count(&db, "select count(*) from blobs").await, 5);
    let large = Blob::new(bytes(2 * 1024 * 1024 + 3));
    give(&db, &other, large.clone()).await.unwrap();
    let (customer, id, hash) = (case.customer, case.id, large.hash.clone());
    let write = db.write([Lock::Customer(customer)], async move |tx| blob::let_go(tx, customer, id, &hash).await);
    write.await.unwrap();
    assert!(matches!(read(&db, &case, &large.hash).await, Err(Error::NotFound)));
    assert_eq!(blob::collect(&db).await.unwrap(), 0);
    assert!(read(&db, &other, &large.hash).await.unwrap() == large.bytes, "the other case keeps its own");
}

async fn a_refused_write_owns_nothing(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let it = Blob::new(bytes(100_000));
    blob::keep(&db, std::slice::from_ref(&it)).await.unwrap();
    let (customer, id, hash) = (case.customer, case.id, it.hash.clone());
    let refused = db.write([Lock::Customer(customer)], async move |tx| {
        blob::insert(tx, customer, id, &it).await?;
        Err::<(), _>(Error::NotFound)
    });
    assert!(refused.await.is_err());
    assert!(matches!(read(&db, &case, &hash).await, Err(Error::NotFound)));
    assert_eq!(count(&db, "select count(*) from blob_parts").await, 0);
}

async fn many_keep_the_same_bytes(home: &Home) {
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let it = Blob::new(bytes(200_000));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (db, it) = (db.clone(), it.clone());
            tokio::spawn(async move {
                let case = add_case(&db, ann, NOW, |_| ()).await;
                give(&db, &case, it.clone()).await.unwrap();
                read(&db, &case, &it.hash).await.unwrap() == it.bytes
            })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
}

fn path(home: &Home, hash: &str) -> PathBuf {
    Path::new(home.place()).join("blobs").join(&hash[..2]).join(hash)
}

fn age(path: &Path) {
    let file = File::options().append(true).open(path).unwrap();
    let then = file.metadata().unwrap().modified().unwrap() - Duration::from_hours(2);
    file.set_modified(then).unwrap();
}

/// Three files: one is owned, one is an old orphan, one may be of a write that is just about to name it.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_collects_old_orphans() {
    let home = Home::sqlite();
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let [owned, orphan, young] = [70_001, 70_002, 70_003].map(|size| Blob::new(bytes(size)));
    give(&db, &case, owned.clone()).await.unwrap();
    blob::keep(&db, &[orphan.clone(), young.clone()]).await.unwrap();
    let left = path(&home, &orphan.hash).with_extension("7");
    std::fs::write(&left, "what a crash left").unwrap();
    for old in [path(&home, &owned.hash), path(&home, &orphan.hash), left.clone()] {
        age(&old);
    }
    assert_eq!(blob::collect(&db).await.unwrap(), 2);
    assert!(!path(&home, &orphan.hash).exists() && !left.exists());
    assert!(path(&home, &young.hash).exists());
    assert!(read(&db, &case, &owned.hash).await.unwrap() == owned.bytes);

    // What is wanted again is young again.
    age(&path(&home, &young.hash));
    blob::keep(&db, std::slice::from_ref(&young)).await.unwrap();
    assert_eq!(blob::collect(&db).await.unwrap(), 0);
}

/// A file system that crashed may have kept the name and lost the end.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_writes_a_torn_file_again() {
    let home = Home::sqlite();
    let db = home.open().await;
    let ann = add_customer(&db, "ann@example.org").await;
    let case = add_case(&db, ann, NOW, |_| ()).await;
    let it = Blob::new(bytes(70_000));
    give(&db, &case, it.clone()).await.unwrap();
    File::options().write(true).open(path(&home, &it.hash)).unwrap().set_len(100).unwrap();
    give(&db, &case, it.clone()).await.unwrap();
    assert!(read(&db, &case, &it.hash).await.unwrap() == it.bytes);
}

/// What could not be written whole is not left to fill the disk.
#[tokio::test(flavor = "multi_thread")]
async fn sqlite_leaves_no_part_of_a_file() {
    let home = Home::sqlite();
    let db = home.open().await;
    let it = Blob::new(bytes(70_000));
    // Something that is no file stands where it should be: the bytes are written, and cannot have their name.
    let taken = path(&home, &it.hash);
    std::fs::create_dir_all(taken.join("x")).unwrap();
    let err = blob::keep(&db, std::slice::from_ref(&it)).await.unwrap_err();
    assert!(err.is_passing(), "{err}");
    assert_eq!(std::fs::read_dir(taken.parent().unwrap()).unwrap().count(), 1, "only what stood there");
    std::fs::remove_dir_all(&taken).unwrap();
    blob::keep(&db, std::slice::from_ref(&it)).await.unwrap();
}
