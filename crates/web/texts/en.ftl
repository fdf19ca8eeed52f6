# Every text of the interface. A key is named after the place or the word that it belongs to.
# Sentence case, no exclamation marks; the verb does the work; buttons say what happens.

## The product and its frame
product = Bellwether
skip = Skip to content
nav = Main
nav-small = Main, small screens
nav-inbox = Inbox
nav-customers = Customers
nav-outbox = Outbox
nav-settings = Settings
nav-more = More
nav-you = Your sign-ins
sign-out = Sign out
breadcrumb = Breadcrumb
close = Close
show = Show it
with-key = { $what } ({ $key })
pager = Further on and back
pager-newer = Newer
pager-older = Older

## Keys
keys = Keys
keys-move = Move in a list
keys-open = Open
keys-close = Back or close
keys-switch = Single keys work outside fields

## Live
offline = You are offline. What is on the screen stays readable, and drafts are kept in this browser.
live-new = new entries
live-new-one = 1 new entry
live-changed = Changed meanwhile. Show it
live-new-messages = { $count ->
    [one] 1 new message
   *[other] { $count } new messages
}

## Time and size
today = Today
yesterday = Yesterday
day-and-time = { $day }, { $time }
milliseconds = { $count } ms
size-bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
}
size-kilobytes = { $count } KB
size-megabytes = { $count } MB
size-gigabytes = { $count } GB

## Words of product.md
case = case
channel-mail = Email
internal-note = Internal note
status-new = New
status-open = Open
status-waiting = Waiting
status-resolved = Resolved
status-closed = Closed
priority-low = Low
priority-normal = Normal
priority-high = High
priority-urgent = Urgent
role-administrator = Administrator
role-lead = Lead
role-agent = Agent
role-success-manager = Success manager
role-department-member = Department member

## Forms
form-errors = { $count ->
    [one] One field needs another look.
   *[other] { $count } fields need another look.
}

## Case and conversation
case-fresh = New.
conversation = Conversation
not-verified = Not verified
not-verified-why = Nothing proves that this mail comes from the address it names.
frame-of = Message from
pictures-blocked = Remote pictures were not loaded: they tell the sender that you read this.
pictures-load = Load them
unreadable = This mail could not be read. It is kept as it came.
unreadable-raw = Download the raw mail
folded-quote = Earlier messages
folded-signature = Signature
folded-forward = Forwarded header
suggestion = Suggested case
suggestion-looks-like = May belong to
checks = Connection test

## Composer
reply = Reply
note = Note
note-stays = Stays inside, the customer never sees it.
to = To
cc = Copy
to-whom = Who gets this reply
to-hint = Addresses, with commas between.
composer-kind = Reply or note
composer-text = Your text
composer-placeholder = Write here
attach = Attach files
attached-hint = Take this file out
attach-failed = This file could not be attached.
send-waiting = Send and set waiting
send-resolve = Send and resolve
send-open = Send and keep open
send-others = Other ways to send
add-note = Add note
draft-saved = Draft saved
draft-saving = Saving
draft-kept = Not saved yet, kept in this browser
draft-lost = The draft could not be saved
someone-replied = Something new has come meanwhile. Your draft is kept.

## Sign-in
sign-in-button = Sign in

## Trouble
trouble-back = Back to the desk
trouble-request = If it stays, tell your administrator this number:
trouble-not-found = Nothing is here
trouble-not-found-so = There is nothing at this address, or it is not for you.
trouble-not-found-do = Check the link, or look for the case in the inbox.
trouble-bad-input = That could not be read
trouble-bad-input-do = Nothing was changed. Go back, mend it, and send it again.
trouble-too-large = That is too large
trouble-too-large-so = More was sent than this place takes.
trouble-too-many = Too many tries
trouble-too-many-do = Nothing was changed, and nobody is locked out.
trouble-sign-in = Please sign in
trouble-sign-in-so = Nobody is signed in here, or the sign-in has ended.
trouble-sign-in-do = What you were writing is kept as a draft.
trouble-conflict = Somebody was faster
trouble-conflict-do = Go back and look at how it stands now.
trouble-busy = The desk is busy
trouble-busy-do = What you sent was not taken. It is safe to send it again.
trouble-internal = Something went wrong on our side
trouble-internal-so = The request was not finished. What was saved before is safe.
trouble-internal-do = It is in the log. Try once more; the second try often works.
trouble-wait-seconds = { $count ->
    [one] Come again in a second.
   *[other] Come again in { $count } seconds.
}
trouble-wait-minutes = { $count ->
    [one] Come again in a minute.
   *[other] Come again in { $count } minutes.
}

## Input that makes no sense
bad-address = The address cannot be read: { $why }
bad-form = The form cannot be read: { $why }
bad-form-type = The form came as another kind of document.
bad-json = The document cannot be read: { $why }
bad-json-type = Send a JSON document with the content type application/json.
bad-body = The request ended before it was whole.
