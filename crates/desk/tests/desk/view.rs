//! Views that somebody saves: who may, who sees them, and in which order.

use desk::Error;
use desk::view::NewView;
use domain::{Member, SavedView, Sharing};
use store::{Scope, view};
use testkit::{Home, Stage, both};

both!(a_view_is_saved_shared_moved_and_deleted, what_says_nothing_is_not_saved,);

fn new(name: &str, filter: &str, sharing: Sharing) -> NewView {
    NewView { name: name.to_owned(), filter: filter.to_owned(), sharing }
}

async fn seen(stage: &Stage, who: &Member) -> Vec<SavedView> {
    let scope = Scope::of(who);
    stage.desk.db.read(async move |rx| view::all(rx, &scope).await).await.unwrap()
}

async fn names(stage: &Stage, who: &Member) -> Vec<String> {
    seen(stage, who).await.into_iter().map(|it| it.name).collect()
}

async fn a_view_is_saved_shared_moved_and_deleted(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, ines, jonas, claire, finance, .. } = &stage;
    let urgent = desk.add_view(ines, new(" Urgent ", " is:open   priority:urgent ", Sharing::Everybody)).await.unwrap();
    let mine = desk.add_view(jonas, new("Late", "is:open before:7d", Sharing::Own(jonas.id))).await.unwrap();
    let invoices = desk.add_view(claire, new("Invoices", "is:open", Sharing::Team(*finance))).await.unwrap();
    assert_eq!(names(&stage, jonas).await, ["Urgent", "Late"]);
    assert_eq!(names(&stage, ines).await, ["Urgent"]);
    assert_eq!(names(&stage, claire).await, ["Urgent", "Invoices"]);
    assert_eq!(seen(&stage, jonas).await[0].filter, "is:open priority:urgent");

    desk.change_view(claire, invoices, new("Bills", "is:open -priority:low", Sharing::Team(*finance))).await.unwrap();
    desk.raise_view(claire, invoices).await.unwrap();
    assert_eq!(names(&stage, claire).await, ["Urgent", "Bills"], "what is everybody's stays where it is");
    desk.change_view(ines, urgent, new("Now", "priority:urgent", Sharing::Everybody)).await.unwrap();
    let last = desk.add_view(ines, new("All", "", Sharing::Everybody)).await.unwrap();
    desk.raise_view(ines, last).await.unwrap();
    assert_eq!(names(&stage, ines).await, ["All", "Now"]);

    // Another's view does not exist, and everybody's is not everybody's to change.
    assert!(matches!(desk.delete_view(claire, mine).await, Ok(())));
    assert!(matches!(desk.change_view(ines, mine, new("x", "", Sharing::Everybody)).await, Err(Error::NotFound)));
    let to_own = new("x", "", Sharing::Own(jonas.id));
    assert!(matches!(desk.change_view(jonas, urgent, to_own).await, Err(Error::NotFound)));
    assert!(matches!(desk.delete_view(jonas, urgent).await, Err(Error::NotFound)));
    assert_eq!(names(&stage, jonas).await, ["All", "Late", "Now"]);
    for _ in 0..2 {
        desk.delete_view(jonas, mine).await.unwrap();
    }
    assert_eq!(names(&stage, jonas).await, ["All", "Now"]);
}

async fn what_says_nothing_is_not_saved(home: &Home) {
    let stage = Stage::new(home).await;
    let Stage { desk, jonas, finance, .. } = &stage;
    let own = Sharing::Own(jonas.id);
    for (view, field) in [
        (new("  ", "is:open", own), "name"),
        (new(&"x".repeat(61), "is:open", own), "name"),
        (new("Open", "is:opne", own), "filter"),
        (new("Open", &"is:open ".repeat(90), own), "filter"),
        (new("Open", "is:open", Sharing::Everybody), "sharing"),
        (new("Open", "is:open", Sharing::Team(*finance)), "sharing"),
        (new("Open", "is:open", Sharing::Own(stage.ines.id)), "sharing"),
    ] {
        let refused = desk.add_view(jonas, view.clone()).await;
        assert!(matches!(refused, Err(Error::Invalid { field: it, .. }) if it == field), "{view:?}");
    }
    assert_eq!(names(&stage, jonas).await, [""; 0]);
}
