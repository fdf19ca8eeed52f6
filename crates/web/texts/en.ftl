# Every text of the interface. A key is named after the place or the word that it belongs to.
# Sentence case, no exclamation marks; the verb does the work; buttons say what happens.

## The product and its frame
product = Bellwether
skip = Skip to content
nav = Main
nav-small = Main, small screens
nav-inbox = Inbox
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
list-first = Back to the beginning
list-more = More of them

## Keys
keys = Keys
keys-move = Move in a list
keys-open = Open
keys-close = Back or close
keys-switch = Single keys work outside fields
keys-all = All keys
keys-here = What this page can do by keys
keys-everywhere = Everywhere
keys-lists = In a list
keys-case = At a case
keys-writing = While you write
keys-select = Select it, to do something with several
keys-selected = Assign, tag, snooze, resolve, or use a macro on what is selected
keys-like = Put in what solved a case like this one
keys-side = The customer beside the case, on a narrow screen
keys-slash = A macro, at the beginning of a line
keys-mention = Name a colleague, in a note
keys-promise = Keep track of the promise

## Live
offline = The desk cannot be reached. What is on the screen stays readable, and drafts are kept in this browser.
live-changed = Changed meanwhile. Show it
live-new-message = 1 new message from { $what }
live-new-note = 1 new note from { $what }
live-new-many = { $what } new entries
live-stale = A part of this page could not be brought up to date.
try-again = Try again
signed-out = You are signed out. What is on the screen stays readable, and drafts are kept in this browser.

## Time and size
tries = { $count ->
    [one] Tried once.
   *[other] Tried { $count } times.
}
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

## Case and conversation
case-undelivered = Not delivered
case-fresh = New.
conversation = Conversation
not-verified = Not verified
not-verified-why = Nothing proves that this mail comes from the address it names.
frame-of = Message from
pictures-blocked = Remote pictures were not loaded: they tell the sender that you read this.
to-dead = Mail to { $address } came back.
to-stuck = { $address } only receives, so a reply cannot leave. An administrator can add a server for sending.
pictures-load = Load them
pictures-always = Always for this sender
pictures-shown = Remote pictures of { $sender } are loaded.
pictures-never = Stop that
offer-split = Its subject is another now: “{ $subject }”.
split = Make it a case of its own
folded-quote = Earlier messages
folded-signature = Signature
folded-forward = Forwarded header
forwarded-message = Forwarded message
folded-disclaimer = Legal notice
suggestion = Suggested case
suggestion-looks-like = Looks like
checks = Connection test

## Signatures
signature = Signature
signature-text = Below each message
signature-hint = Known placeholders: { $known }
signature-save = Save signature
signature-saved = Your signature is saved.
signature-own-so = It stands below what you send, where the mailbox does not say otherwise.
signature-mailbox-so = It stands below every reply from this mailbox. Leave it empty, and each person’s own signature is used.
dkim = Signed mail
dkim-so = With a key of its own, this mailbox signs what it sends (DKIM), so that receivers can tell it from forgeries. Many providers do that already: then there is nothing to do here.
dkim-make = Make a key
dkim-again = Make another key
dkim-is-on = Mail is signed
dkim-is-off = Mail is not signed yet
dkim-on = Sign mail from now on
dkim-off = Stop signing
dkim-record-so = First add this record where the DNS of your domain is kept. Then sign.
dkim-kind = Kind
dkim-host = Host
dkim-name = Whole name
dkim-value = Value
dkim-quoted = The value in pieces, for DNS pages that want it so
dkim-check = Look whether everybody can see it, with this command on any machine. It can take some hours. It must show the value above:

## Composer
reply = Reply
note = Note
note-stays = Stays inside, the customer never sees it.
forward = Forward
forward-to-supplier = Forward to a supplier
forward-why = Ask a supplier about this message. The customer does not see it.
forward-stays = To a supplier: the customer does not see it, and what comes back stays in this case.
forward-do = Send to the supplier
forward-to = Supplier
forward-along = Goes along
forward-nothing-along = Nothing of the case goes along
forward-more = Other messages of this case
forward-answers = In answer to { $who }
forward-take-out = Take it out
supplier = Supplier
supplier-stays = Said with a supplier. The customer does not see it.
supplier-stranger = From an address that was not asked. Whoever has our mail can answer it.
supplier-answer = Answer { $who }
to = To
cc = Copy
to-whom = Who gets this reply
to-hint = Addresses, with commas between.
composer-kind = Reply, note or forward
composer-text = Your text
composer-placeholder = Write here
attach = Attach files
attached-hint = Take this file out
attach-failed = This file could not be attached.
attach-waiting = Not sent yet: a file is on its way
attach-stopped = Not sent: a file could not be attached. Take it out, or attach it again.
attach-away = Take it out
send-waiting = Send and set waiting
send-resolve = Send and resolve
send-open = Send and keep open
send-others = Other ways to send
add-note = Add note
draft-saved = Draft saved
draft-saving = Saving
draft-kept = Not saved yet, kept in this browser
draft-unsent = Not sent: the desk cannot be reached. What you wrote is kept in this browser.
signature-below = Your signature is added below
tools = Dress the text
tool-bold = Bold
tool-italic = Italic
tool-link = Link
tool-bullets = List
tool-numbers = Numbered list
tool-quote = Quote
tool-code = Code
tool-link-to = Address of the link
tool-link-set = Set the link
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
trouble-again = Try again
trouble-busy = The desk cannot reach its data at the moment
trouble-busy-so = It tries again by itself, and goes on as soon as it can. Nothing that it took before is lost.
trouble-busy-do = If you sent something just now, send it again: the same message is not sent twice.
trouble-full = The disk is full: nothing was saved
trouble-full-so = What is there can still be read, and nothing of it is lost. New things are taken again as soon as there is room.
trouble-full-do = Please tell your administrator to make room on the disk, and then send it again.
trouble-unsaved = What you wrote was not saved. Copy it before you leave this page:
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
bad-body = The request ended before it was whole.

## Signing in, joining, one's own page
sign-in = Sign in to Bellwether
sign-in-how = Runs on your own server.
email = Email
password = Password
keep-signed-in = Keep me signed in on this computer
sign-in-not-set-up = This desk is not set up yet. Open the link that the program printed when it started.
demo-sign-ins = This is a demo. Come in as
demo-password = Or type one of these addresses. Its password is:
too-many-wait = Too many wrong tries. { $wait } Nobody is locked out: a browser that was signed in before still gets in.
browser-on = { $browser } on { $system }
browser-unknown = A browser

## Answers to programs
api-mail-type = Send one mail as it is, with the content type message/rfc822.
api-mail-empty = The mail is empty.

## The first visit
setup = Set up your desk
setup-so = Three steps on one page, about four minutes. Customers notice nothing: no reply leaves before you send one.
setup-you = You and your organization
setup-mailbox = The first mailbox
setup-open = Open the desk
setup-only-new = Older mail is brought in only if you say so.
setup-unknown = An unknown sender is a customer of their own until you say whose domain it is.
setup-finish = Set up the desk
setup-later = Set up, connect a mailbox later
setup-closed = This link opens nothing
setup-closed-so = The setup page opens once, by the newest link alone.
setup-closed-do = If the desk is not set up yet, look for the link in what the program printed when it started. If it is, sign in.
organization-name = Name of the organization
time-zone = Time zone
time-zone-wrong = Choose a time zone of the list.
your-name = Your name
your-email = Your email
password-hint = At least 12 characters. A sentence is good.

## A mailbox
mailbox-address = Mailbox address
mailbox-address-wrong = Write the mailbox’s address, such as support@tareline.example.
mailbox-password-hint = Many providers want an app password here.
mailbox-password-kept = Leave it empty to keep the one there is.
mailbox-user = Name to sign in with
mailbox-user-hint = Leave it empty if it is the address.
mailbox-untouched = We read it and never delete or move anything.
mailbox-test = Test the connection
mailbox-testing = Testing
mailbox-try = Test
mailbox-test-of = Test { $name }
mailbox-testing-of = Testing { $name }
receiving = Receiving
sending = Sending
port = Port
port-wrong = A port is a number from 1 to 65535.
host-wrong = Write the name of a server, such as mail.tareline.example.
security = Security
security-plain = None (this machine)
security-wrong = Choose TLS or STARTTLS.
servers = Servers
servers-to-find = found from the address
servers-of-one = { $host }, { $reading } and { $sending }
server-guess = Leave it empty to have it found from the address.
host-foreign = The records of your domain name { $host }, a server of another domain. If that is your provider, test or save once more; otherwise write another.
sending-user = Another name for sending
sending-user-hint = Only if the sending server wants its own name and password.
sending-password = Password for sending
aliases = Further addresses
aliases-hint = Addresses that lead into this mailbox too, one to a line. Mail from them is ours and no customer’s.
way-reading = We read the mailbox, and it does not send
found-known = from the list of known providers ({ $name })
found-exchanger = because { $name } takes the mail of your domain
found-records = from your domain’s records
found-tried = by trying the usual names
found-nothing = a guess, for nothing answered under the usual names
step-found = Found the servers
step-found-not = Could not reach the servers
step-found-detail = { $reading } and { $sending }
step-secure = Connected securely
step-secure-not = Could not connect securely
step-secure-detail = { $by }, certificate valid until { $day }
step-reading = Signed in for reading
step-reading-not = Could not sign in for reading
step-reading-detail = { $count ->
    [0] The inbox is empty. Nothing was changed.
    [one] One message in the inbox. Nothing was changed.
   *[other] { $count } messages in the inbox. Nothing was changed.
}
step-reading-newest = The newest: { $day }.
step-reading-idle = The server tells of new mail at once.
step-reading-asks = The server is asked for new mail every half minute.
step-sending = Signed in for sending
step-sending-not = Could not sign in for sending
step-sending-detail = Replies come from { $address }.
step-back = A message to ourselves came back
step-back-not = The message to ourselves did not come back
step-back-detail = It may be deleted; the desk passes over it.
step-plus = The server keeps what stands behind a +
step-plus-not = The server does not keep what stands behind a +
step-plus-kept = Answers may go to an address of their own, so they find their case whatever becomes of their headers.
step-plus-lost = That is no trouble. Answers are found by their references.
step-now = Under way
step-waits = Waits for the step before
reading-only = Go on, reading only
reading-only-so = Replies are then marked as not sent.

## Joining
join = Join { $organization }
join-as = You will sign in as { $email }. Role: { $role }.
join-button = Join
join-closed = This invitation is over
join-closed-so = It was used, taken back, or waited for more than a week. Ask your administrator for a new one.

## A new password by a link
reset = Choose a new password
reset-so = { $name }, you sign in as { $email }. All your sign-ins end, and you are signed in here.
reset-password = New password
reset-button = Set the password
reset-closed = This link is over
reset-closed-so = It was used, or waited too long. Whoever runs your Bellwether can make a new one.

## One's own page
you = You
role = Role
teams = Teams
sign-ins = Your sign-ins
sign-ins-so = End what you do not know.
sign-in-this = This browser
sign-in-since = Since
sign-in-seen = last used
sign-in-end = End
sign-in-end-what = End the sign-in of { $browser }
password-change = Change password
password-old = Password until now
password-new = New password
password-changed = The password is changed. All other browsers were signed out.

## Settings
save = Save
organization = Organization
organization-about = Name and time zone
channels = Channels
channels-about = The mailboxes by which customers reach you
brief-about = Who writes it: rules, or a language model of yours
brief-endpoint-so = Rules of this program find the Brief beside each case, and nothing leaves the desk for it. You may have a language model write four of its lines instead: the issue, what was tried, the mood and the next step. Promises, and who is waited for, stay with the rules, since work depends on them. What a colleague corrects stands above both.
brief-on = Have a language model write it
brief-on-hint = Off, nothing is sent, and the rules write all of it.
brief-address = Address
brief-address-hint = Of an endpoint that speaks as OpenAI’s does. A model that runs inside your house will do, at a private address, too.
brief-inside = Allow a private address without https
brief-inside-hint = What cases say is then readable on the way. Only where your own network protects it.
brief-model = Model
brief-model-hint = As its maker spells it.
brief-key = Key
brief-key-hint = Leave it empty where none is needed. It is kept encrypted, and shown to nobody.
brief-key-kept = One is kept, for this address alone, and shown to nobody. Leave this empty to keep it, or enter another.
brief-key-remove = Forget the key
brief-seconds = Seconds to wait for an answer
brief-seconds-wrong = Wait for { $from } to { $to } seconds.
brief-notes = Send internal notes, too
brief-notes-hint = They are what your people say among themselves.
brief-sends = What is sent, and to whom
brief-sends-what = The new words of the messages of a case, with the time of each. Of a long case: how it began, and the newest.
brief-sends-hidden = Mail addresses, phone numbers, and full names of those who write are replaced before, and put back here. A first name in a greeting, and whatever else people say of themselves, is sent as it stands.
brief-sends-not = Never sent are attachments, subjects, what is quoted, fields, and other cases of the customer.
brief-sends-whom = It goes to the address above and nowhere else. What is done with it there is up to whoever runs it: make sure that you may send it.
brief-sends-when = A case is sent when somebody has it open and it has something new; a link below its Brief shows, word for word, what was.
brief-try = Try it
brief-trying = Sending a sample. This may take a while.
brief-tried-well = { $model } answered. The sample is an invented case:
brief-tried-badly = No Brief came back.
brief-tried-nothing = It had nothing to say about the sample. Another model may do better.
brief-failed = No Brief was written at
brief-paused = Rules write it meanwhile. The next try is after
unwanted = Unwanted mail
unwanted-about = Spam, trash, and senders who are blocked
people = People
people-about = Who works here, invitations and teams
time-zone-hint = All times on these pages are told in this zone.
channels-so = Where customers reach you. Whatever arrives is attached to the case it belongs to, and says why.
channels-none = No mailbox yet
channels-none-so = Connect the first one, and new mail becomes cases by itself.
channel-add = Connect a mailbox
channel-new = New mailbox
channel-mend = Mend it
channel-settings = Settings
channel-settings-of = Settings of { $name }
channel-live = Receiving only
channel-live-both = Receiving and sending
channel-locked-out = Cannot sign in
channel-broken = Server away since
channel-last = last mail
channel-last-mail = The last mail came
channel-last-none = No mail yet
channel-last-error = The last trouble was
channel-proven = A message to itself came back
channel-plus = Answers go to an address of their own.
channel-plus-not = Answers are found by their references.
history = Older mail
history-so = It comes as closed cases: nobody is told, nobody is answered, and nothing counts as new.
history-none = Leave it where it is
history-from = From
history-days = { $count ->
    [one] The last day
   *[other] The last { $count } days
}
history-days-wrong = Choose how many days.
history-begin = Bring it in
history-stop = Stop
history-go-on = Go on
history-stopped = Stopped. What is here stays here.
history-waits = It begins as soon as the mailbox is connected.
history-progress = { $done } of { $total } looked at.
history-left = { $minutes ->
    [one] About a minute left.
   *[other] About { $minutes } minutes left.
}
history-left-out = { $count ->
    [one] One stays in the mailbox: it is too large, or the mail server does not give it.
   *[other] { $count } stay in the mailbox: they are too large, or the mail server does not give them.
}
history-done = { $count ->
    [0] There was none in that time.
    [one] All of it is here: one mail.
   *[other] All of it is here: { $count } mails.
}
channel-broken-safe = Nothing is lost: what comes waits on the mail server.
channel-connecting = Connecting
channel-idle = Not connected
channel-quarantined = { $count ->
    [one] One mail could not be read
   *[other] { $count } mails could not be read
}
quarantine = Mail that could not be read
quarantine-so = It is kept as it came. Look at it, try it again after an update, or delete what nobody needs.
quarantine-look = Look at it
quarantine-cut = Cut here. The whole mail has { $size }: download it to see the rest.
quarantine-raw = Download
quarantine-again-all = Try all again
quarantine-waiting = { $count ->
    [one] One mail is being tried again.
   *[other] { $count } mails are being tried again.
}
quarantine-release = Take it in as it is
quarantine-release-of = Take it in as it is: the mail of { $day }
quarantine-again = Try again
quarantine-again-of = Try again: the mail of { $day }
quarantine-drop = Delete
quarantine-drop-sure = Delete for good
quarantine-drop-of = Delete the mail of { $day } for good
blocks = Blocked senders
blocks-so = Their mail goes to spam. It is not lost, and they are told nothing.
blocks-none = Nobody is blocked.
block-add = Address or domain
block-add-hint = Such as ann@northwind.example, or northwind.example for everybody there.
block-do = Block
blocked-by = { $who },
block-held = { $count ->
    [0] Nothing has come since.
    [one] Held one mail.
   *[other] Held { $count } mails.
}
block-held-last = The last one:
unblock = Unblock
keep-spam = Days until spam is deleted for good
keep-trash = Days until deleted cases are gone for good
keep-hint = 0 keeps them until somebody deletes them.
days-wrong = Write a number of days, or 0.
channel-name = Name
channel-name-hint = Customers see it as the sender.
way = How mail comes in
way-mailbox = We read the mailbox
way-api = A program hands it in
authserv-id = Name of the checking server
authserv-id-hint = What the topmost Authentication-Results header of received mail begins with. Empty: senders stay unverified.
token = Programs that hand mail in
token-so = A program with the token of this mailbox can hand in mail over HTTP. A new token makes the one before void.
token-new = Make a new token
token-once = This token is shown once. Keep it where the program finds it.
token-use = A mail is handed in like this:
invite = Invitations
invite-make = Make an invitation
invited = The invitation for { $email } is ready. This link is shown once: give it to them yourself. It opens one time, within a week.
invitation-until = Open until
invitation-revoke = Take back
invitation-revoke-of = Take back the invitation of { $name }
person-name = Name
person-leave = Works here no longer
person-leave-so = They are signed out at once. Their open cases become nobody’s, so that others see them.
person-return = Works here again
person-return-of = { $name } works here again
people-gone = Worked here
roles-hint = Department members see only the cases of their teams.
team-name = Name of the team
team-add = Add team
team-members = { $count ->
    [0] Nobody
    [one] One person
   *[other] { $count } people
}
department = Department
department-hint = A team outside the desk, such as finance or engineering.

## A customer's page
customer-since = Known since
customer-name-hint = A name or a domain settles who this is.
customer-people = People
customer-name = Name
customer-name-label = What we call them
cases = Cases
cases-open = Open cases
cases-none = No cases yet.
domains = Domains
domains-none = None yet.
domain-owns = { $name } owns
domain-hint = Mail from this domain is theirs from now on. Free mail providers cannot be owned.
domain-add = Add domain
domain-remove = Take { $domain } away
timeline = Timeline
timeline-none = Nothing to show here.
somebody = Somebody
actor-mail = Mail
actor-desk = The desk
actor-operator = The operator
did-customer = This customer
did-became-known = became known
did-took = took the case
did-domain-added = said that { $domain } is theirs
did-domain-removed = took { $domain } away
did-renamed = changed the name from { $from } to { $to }
did-began = began a case by writing first
did-opened = wrote and opened a case
did-opened-automatic = sent an automatic mail that opened a case
did-opened-follow-up = wrote again after case { $number } was closed
did-received = wrote
did-received-automatic = sent an automatic mail
did-received-reopened = wrote and reopened the case
did-also-arrived = brought a further copy
did-replied = replied
did-replied-resolved = replied and resolved the case
did-forwarded = asked a supplier
did-supplier = The supplier
did-supplier-answered = answered
did-supplier-automatic = sent an automatic message
did-supplier-reopened = answered, and the case was taken up again
did-taken-back = took a reply back before it left
did-send-failed = could not deliver a reply: { $why }
did-noted = wrote a note
did-assigned = gave the case to { $name }
did-unassigned = gave the case back to the queue
did-team = gave the case to a team
did-no-team = took the case from its team
did-priority = set the priority to { $priority }
did-resolved = resolved the case
did-reopened = reopened the case
did-snoozed = snoozed the case
did-woken = brought the case back
did-tagged = changed the tags of the case
did-field = changed “{ $field }” of the case
did-promised = wrote down a promise: { $what }
did-promise-kept = kept a promise: { $what }
did-promise-broken = broke a promise: { $what }
did-promise-reopened = opened a promise again: { $what }
did-undone = took the last change back
did-closed = closed the case after it rested
did-acknowledged = acknowledged their message
did-bounced = says that our mail came back: { $why }
did-delayed = says that our mail is late: { $why }
did-split-off = made a message of it case { $number }
did-split-from = took it out of case { $number }
did-spam = marked the case as spam
did-trash = deleted the case
did-put-back = put the case back
did-suspected = wrote something that looks like spam
did-deleted = deleted case { $number } for good
did-followed-up = wrote again, which opened case { $number }

## Outbox
outbox-so = What leaves the desk, newest first
outbox-demo = This is a demo: nothing here has left.
outbox-empty = Nothing has been sent yet
outbox-empty-so = Replies appear here when somebody sends one.
case-number = Case { $number }
state-sent = Sent
state-failed = Failed
state-taken-back = Taken back
state-kept = Kept here
state-sending = On its way

## Inbox
case-list = Cases
views = Views
views-so = Lists of cases with a name: your own, your teams’ and everybody’s
views-edit = Edit views
views-none = No view is saved yet
views-none-so = Type a filter above a list of cases and save it, or make a view here.
view-typed = Filter
view-unknown = There is no such view.
view-new = New view
view-name = Name
view-filter = Filter
view-filter-hint = Such as: is:open priority:high,urgent -assignee:me
view-sharing = Who sees it
view-own = Only you
view-everybody = Everybody
view-save = Save view
view-save-this = Save as a view
view-save-of = Save { $name }
view-open = Open { $name }
view-up = Move up
view-up-of = Move { $name } up
view-delete = Delete
view-delete-of = Delete { $name }
view-others = Whoever leads the desk can change this view.
begin = New case
begin-so = Write first. The answer comes into the case.
begin-to-hint = Addresses with commas between. The first is the person whose case it is.
begin-from = From
begin-subject = Subject
begin-text = Text
begin-team = Team
begin-files = Files
begin-files-again = What is wrong keeps the text, but not the files: choose them again.
begin-do = Send and begin the case
begin-no-mailbox = There is no mailbox to write from yet.
macros = Macros
macros-so = Text that is written often, and what is done with it: your own, your teams’ and everybody’s
macros-none = There is no macro yet
macros-none-so = Write one below. On a case, m or a / at the beginning of a line puts it in.
macros-edit = Edit macros
macro = Macro
macro-search = Search macros
macro-new = New macro
macro-save = Save macro
macro-text = Text
macro-text-hint = It knows { $all }. What nobody knows stays as a gap in square brackets.
macro-does = What it does with the case
macro-as-is = Leave as it is
macro-me = Whoever uses it
macro-assign = Assign to
macro-team = Give to team
macro-tag = Add tags
macro-untag = Take tags off
macro-no-tag = There is no tag “{ $tag }”.
macro-snooze = Snooze for hours
macro-snooze-wrong = Write a number of hours.
macro-resolve = Resolve the case at once
macro-then = When the reply is sent
macro-then-any = As its writer chooses
macro-sharing = Who has it
macro-others = Whoever leads the desk can change this macro.
macro-says-me = assigned to whoever uses it
macro-says-tag = tagged { $tags }
macro-says-untag = no longer tagged { $tags }
macro-says-snooze = snoozed for { $hours } hours
filter = Filter
search = Search
search-so = Everything you may see, newest first
search-everything = Search everything
search-do = Search
search-example = credit note customer:Northwind is:open
search-chips = What is looked for
search-without = Leave out { $word }
search-the-rest = Until that is clear, the rest is searched.
search-empty = What are you looking for?
search-empty-so = Words of messages, notes, subjects and files; names and addresses of people; a case's number. “Words in quotation marks” follow one another, -words are not there, and the words of a filter narrow it down: is:open, customer:Northwind, before:2026-11-01.
search-none = Nothing has these words
search-none-so = Try fewer words, or another spelling. What was written a moment ago is found in a moment.
search-building = The index is being made: { $percent } % of it is there. The rest is found later.
search-count = { $count } cases
search-one = 1 case
search-further = Further back
search-hits =
    { $hits ->
        [one] 1 hit in all
       *[other] { $count } hits in all
    }
search-newest = Among the newest { $count } hits; add a word or a day to narrow down
search-weighed = Best of the newest { $count } hits
search-by-best = Best match first
search-by-newest = Newest first
search-people = Customers and contacts
search-people-more = More of them
search-of = speaks for { $name }
search-supplier = { $name }, supplier
search-asked = { $name }, to a supplier
search-note = Note
search-note-of = { $name }, note
search-solved = Solved by
search-case = Case { $number }
search-more =
    { $count ->
        [one] 1 more hit in this case
       *[other] { $count } more hits in this case
    }
search-all-listed = All of them as a list
facets = Narrow down
facets-newest = Counted among the newest hits.
facet-status = Status
facet-customer = Customer
facet-who = Who
facet-nobody = Nobody
facet-channel = Channel
facet-when = Written in
facet-week = In the last 7 days
facet-month = In the last 30 days
facet-year = In the last year
filter-list = What can stand here
filter-is = where it stands
filter-status = its exact status
filter-waiting = who owes the next step
filter-assignee = who works on it
filter-team = which team
filter-priority = how much it matters
filter-channel = by which mailbox it came
filter-tag = what it is marked with
filter-field = what a field says
filter-due = by when we owe a reply
filter-customer = whose, by the beginning of the name
filter-promise = by when we promised something
filter-before = last written in before a day
filter-after = since a day
filter-do = Apply the filter
filter-example = is:open priority:high
mistake-key = “{ $word }” is no word of a filter. The words are is, status, waiting, assignee, team, priority, channel, customer, tag, field, due, promise, before and after.
mistake-key-meant = “{ $word }” is no word of a filter. Did you mean “{ $meant }”?
mistake-alone = There is no word in “{ $word }”.
mistake-only-not = “{ $word }” leaves something out of what is found: write a word that is to be found as well.
mistake-value = “{ $word }” is nothing that “{ $key }” knows: { $values }.
mistake-value-meant = “{ $word }” is not known there. Did you mean “{ $meant }”?
mistake-no-value = Nothing stands behind “{ $key }:”. It knows { $values }.
mistake-nobody = Nothing here has the name in “{ $word }”.
mistake-several = “{ $word }” fits several. Write the whole name.
mistake-time = “{ $word }” is no time. Write late, any, 30m, 1h or 2d.
mistake-promise = “{ $word }” is no time for a promise. Write late, open, 1d or 7d.
mistake-choice = Write a field and what it says, such as field:"Product=Router".
mistake-day = “{ $word }” is no day. Write 2026-11-01, today, yesterday or 7d.
mistake-one-day = One day is enough in “{ $word }”.
mistake-apart = “{ $word }” is a list of its own. Ask for it alone.
list-searched = Looked back to
view-mine = My open
view-unassigned = Unassigned
view-due = Due in an hour
view-us = Waiting on us
view-waiting = Waiting on customer
view-snoozed = Snoozed
view-all = All
view-spam = Spam
view-trash = Trash
no-case-open = No case open
we = We
keys-hint-move = move
keys-hint-open = open
keys-hint-select = select
keys-hint-all = all keys
rest-mine = { $count ->
    [one] 1 open case is yours
   *[other] { $count } open cases are yours
}
rest-unassigned = { $count ->
    [one] 1 case belongs to nobody yet
   *[other] { $count } cases belong to nobody yet
}
rest-us = { $count ->
    [one] 1 case waits for us
   *[other] { $count } cases wait for us
}
rest-due = { $count ->
    [one] 1 reply is due within an hour
   *[other] { $count } replies are due within an hour
}
rest-snoozed = These come back by themselves
rest-saved = { $name }
rest-typed = These cases fit
rest-waiting = { $count ->
    [one] 1 case waits on its customer
   *[other] { $count } cases wait on their customers
}
rest-all = Every case there is
rest-spam = Nobody has to look here
rest-trash = What was deleted, for a while
rest-then = Pick a case, or begin here.
rest-open = Open { $name }
none-mine = No open case is yours
none-mine-then = A case becomes yours when you take it or answer it.
none-mine-do = See what is unassigned
none-unassigned = Nobody is waiting for an owner
none-unassigned-then = A new mail shows up here by itself.
none-due = No reply is due within an hour
none-due-then = A case stands here when its time runs out, the nearest first.
none-snoozed = Nothing is snoozed
none-snoozed-then = A snoozed case stands here until its time comes, or somebody writes.
none-us = Nobody waits for us
none-us-then = A case stands here from the customer’s message to our answer.
none-waiting = No customer owes us an answer
none-waiting-then = When you answer and set a case to waiting, it stands here until they write.
none-saved = No case fits
none-saved-then = Change the filter, or wait: what fits shows up here by itself.
none-yet = Nothing among the newest
none-yet-then = Older cases have not been looked through yet. Go on with the arrow below.
none-all = Nothing has arrived yet
none-all-then = The first mail to a connected mailbox becomes the first case, here, without reloading.
none-spam = No spam
none-spam-then = What nobody asked for stands here, and in no other list.
none-trash = The trash is empty
none-trash-then = A deleted case stays here for a while, and can be restored.
spam-stays = { $days ->
    [0] It stays until somebody deletes it.
    [one] It is deleted for good after a day.
   *[other] It is deleted for good after { $days } days.
}
trash-stays = { $days ->
    [0] It stays until an administrator deletes it.
    [one] It is deleted for good after a day.
   *[other] It is deleted for good after { $days } days.
}
empty-now = Empty now
empty-now-sure = Delete all for good
bad-cursor = That place in the list does not exist. Go back to the inbox.
bad-choice = That choice is not one of those offered.
bad-field = The form has a field “{ $name }” that does not belong to it, or that cannot be read.

## Case
back-to = Back to { $view }
case-follows = takes up case { $case }
case-more = More
mark-spam = Spam
not-spam = Not spam
delete = Delete
restore = Restore
delete-for-good = Delete for good
delete-for-good-sure = Yes, nothing is left of it
aside-trash = { $who } deleted this case.
aside-spam = { $who } marked this case as spam.
aside-spam-server = The mail server says that this is spam.
aside-spam-blocked = This is spam, since its sender is blocked.
aside-until = It goes for good: { $day }.
blocked-so = New mail from { $sender } goes to spam.
block-whom = Block { $sender }
block-domain = Block everybody @{ $domain }
unblock-whom = Unblock { $sender }
customer = Customer
status = Status
priority = Priority
team = Team
no-team = No team
assignee = Assigned to
nobody = Nobody
channel = Channel
opened = Opened
last-written = Last written
resolved-at = Resolved
assign = Assign
assign-me = Me
assign-nobody = Nobody
assigned-to = Assigned to
snooze = Snooze
snooze-hour = In an hour
snooze-evening = This evening
snooze-tomorrow = Tomorrow morning
snooze-week = Next week
snooze-until = Until
snooze-when = Write the day and the time at which it shall come back.
snoozed-until = snoozed until { $when }
wake = Bring back now
tomorrow = Tomorrow
tag = Tag
tags = Tags
tag-add = Add a tag
tag-hint = Several with commas between them. A new word becomes a new tag.
tag-do = Add
tag-off = Take { $tag } off
tag-which = Write the tag that you want to add.
due = Reply due
due-late = { $time } late
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count } d
undo = Undo
act-cases = { $count } cases
act-assigned = given to { $name }
act-unassigned = given to nobody
act-team = given to { $team }
act-no-team = taken from its team
act-resolved = resolved
act-reopened = open again
act-snoozed = snoozed until { $when }
act-woken = back in the lists
act-priority = now { $priority }
act-tags = tags changed
act-trash = in the trash
act-spam = marked as spam
act-back = put back
act-fields = fields changed
act-refused = { $count ->
    [one] 1 case stays as it is: { $why }
   *[other] { $count } cases stay as they are: { $why }
}
select-case = Select { $subject }
bulk = What to do with the selected cases
bulk-selected = selected
bulk-all = All of this page
bulk-none = None
bulk-nothing = Select some cases, and then what to do with them.
resolve = Resolve
resolution = Resolution
resolution-ask = What solved it?
resolution-hint = One line for whoever has the next case like it. Leave it empty if there is nothing to say.
reopen = Reopen
closed-note = This case is closed. A new message from the customer starts a follow-up case; notes are still welcome.
all-people = All of them
their-issue = Wrote first in this case
like-cases = Solved before
like-none = Nothing like this has been solved with a resolution yet.
like-search = Search for it
like-insert = Put “{ $what }” into the reply
insert = Insert
other-cases = Their other cases
kind-organization = Organization
kind-individual = Individual
provisional = Provisional
provisional-why = Nobody has said yet who this is. The name is the one in their mail.
to-nobody = nobody yet

## The Brief, and promises
brief = Brief
brief-read = { $count ->
    [one] from 1 message
   *[other] from { $count } messages
  }
brief-issue = Issue
brief-tried = Tried
brief-promised = Promised
brief-waiting = Waiting on
brief-mood = Mood
brief-next = Next step
brief-us = Us.
brief-customer = The customer.
brief-nobody = Nobody.
brief-source = Source: entry { $number }
brief-correct = Correct: { $line }
brief-as-found = As found
brief-empty = Nothing to say
brief-by = by { $who }
brief-written = Written by { $model } at { $host }.
brief-written-lines = Issue, tried, mood and next step are a model’s words. Promises, and who is waited for, come from rules.
brief-sent = What was sent
brief-sent-to = Sent to { $model } at { $host }. Answered
brief-sent-instruction = The instruction
brief-sent-text = The text of the case
brief-ask = Have { $model } write the Brief
mood-angry = Angry.
mood-frustrated = Frustrated.
mood-worried = Worried.
mood-pleased = Pleased.
promises = Promises
promise-by = { $text } by { $day }
promise-due = by { $day }
promise-late = late, by { $day }
promise-no-day = no day
promise-kept = kept
promise-broken = broken
promise-keep = Kept
promise-break = Broken
promise-open = Open again
promise-track = Promise: { $promise }. Keep track?
promise-keep-track = Keep track
promise-add = We promised…
promise-what = What we do
promise-when = By which day
promise-do = Keep track
promise-day = This is no day. Choose one, or leave it empty.

## Conversation
you-too = you
theme = Light and dark
theme-so = On this device.
theme-system = As the device
theme-light = Light
theme-dark = Dark
palette = Open or do anything
palette-type = Type what you want to open or do
palette-do = Do
palette-open = Open
palette-view = View
palette-people = Colleagues
palette-their-cases = their open cases
palette-cases = Cases
palette-customers = Customers
palette-search = Search
palette-search-for = Search for “{ $words }”
a-team = a team
a-channel = another mailbox
entries-earlier = Earlier entries
entries-newest = Back to the newest entries
entry-began = { $who } began this case
entry-took = { $who } took this case
entry-gave = { $who } gave this case to { $whom }
entry-left = { $who } put this case back
entry-took-away = { $who } gave this case to nobody
entry-team = { $who } gave this case to { $team }
entry-no-team = { $who } took this case out of its team
entry-priority = { $who } set the priority to { $priority }
entry-snoozed = { $who } snoozed this case until { $when }
entry-woken = This case came back by itself
entry-woken-by = { $who } brought this case back
entry-tagged = { $who } added { $tags }
entry-untagged = { $who } took off { $tags }
entry-retagged = { $who } added { $added } and took off { $removed }
entry-field = { $who } set { $field } to { $to }
entry-field-empty = { $who } emptied { $field }
entry-promised = { $who } wrote down a promise: { $what }
entry-promised-by = { $who } wrote down a promise: { $what } by { $day }
entry-promise-kept = { $who } said that we kept a promise: { $what }
entry-promise-broken = { $who } said that we broke a promise: { $what }
entry-promise-reopened = { $who } said that a promise is open again: { $what }
entry-undone = { $who } took that back
entry-resolved = { $who } resolved this case
entry-resolved-so = { $who } resolved this case: { $how }
entry-reopened = { $who } reopened this case
entry-came-back = Their message opened this case again
entry-closed = Closed, since nobody wrote for a while after it was resolved
entry-followed-up = A later message started { $case }, which takes this up
entry-delayed = On its way: { $why }
entry-bounced = Came back: { $why }
entry-split-off = { $who } made a message of it { $case }, since it is about something else
entry-split-from = { $who } took this out of { $case }, since it is about something else
entry-spam = { $who } marked this case as spam
entry-spam-server = Came as spam: the mail server says so
entry-spam-blocked = Came as spam: its sender is blocked
entry-trash = { $who } deleted this case
entry-not-spam = { $who } said that this is no spam
entry-restored = { $who } restored this case
entry-suspected = The mail server says that the message above is spam
entry-suspected-blocked = The sender of the message above is blocked
entry-also-arrived = The same mail also reached { $channel }
entry-send-failed = A reply could not be delivered: { $why }
via-from = { $from } to { $to }
via-to = to { $to }
via-mail = by email
via-sent = to { $to }
verified = Verified
verified-why = The sender’s domain vouches for this mail.
denied = Sender denied
denied-why = The sender’s domain says that this mail is not its own. Do not trust what it asks for.
automatic-reply = Automatic reply
automatic-bounce = Delivery report
automatic-receipt = Read receipt
automatic-challenge = Asks whether a person wrote
automatic-list = Mailing list
automatic-own-address = From one of our addresses
automatic-bulk = Bulk mail
altered = Another mail has the same Message-ID and says something else. Compare before you act on it.
raw = Original
raw-why = Download the mail as it came
percent = { $count } %
sending-now = On its way
sending-kept = Kept in the outbox: this demo sends nothing
sending-hold = Leaves in
sending-at = Leaves
send-later = Send later
send-at = At
send-then = Send then and set waiting
take-back = Take back
not-there-yet = Not delivered yet.
tried-again = It is tried again by itself.
tried-again-at = The next try is at
try-now = Try now
server-said = The server said:
edit-and-send = Change it and send it again
edit-and-send-missed = Write to them again
send-to-other = Send it to { $address } instead
missed-by = Not with { $address }:
mailbox-settings = Mailbox settings
ask-administrator = Ask an administrator to look at the mailbox.
large-files = The largest files:
large-files-do = Take one out, or send it another way.
unsent-no-sign-in = Not sent: the mailbox could not sign in.
unsent-refused = Refused.
unsent-too-big = Too large.
unsent-no-such-address = No such address.
unsent-no-server = Not sent: there is no server for it.
unsent-unclear = Perhaps sent.
entry-taken-back = { $who } took a reply back
entry-forward-taken-back = { $who } took a mail to a supplier back
not-delivered = Not delivered.
send-again = Send again
taken-back = Taken back before it left

## Why a message is in its case
why-report = Reports on a mail of this case that we sent
why-token = Answers our mail, and comes from somebody we sent it to
why-token-closed = Answers our mail in a closed case, so it takes that up:
why-token-stranger = Answers our mail, but comes from somebody we did not send it to, so it has a case of its own
why-token-failed = Answers our mail, but the sender’s domain denies it, so it has a case of its own
why-reference = Answers a mail of this case, and comes from somebody who takes part
why-reference-closed = Answers a mail of a closed case, so it takes that up:
why-reference-stranger = Answers a mail we know, but comes from somebody who takes no part there, so it has a case of its own
why-reference-failed = Answers a mail we know, but the sender’s domain denies it, so it has a case of its own
why-subject-number = Its subject names a case, but nothing else does, so it has a case of its own
why-nothing = Started this case
why-supplier = Answers what we asked a supplier
why-forwarded = One of us passed it on to the desk, so it is the case of whoever wrote it
passed-on = Passed on by { $who }. Who wrote it, and what they wrote, is as { $who } sent it.
why-split = Was taken out of another case, since it is about something else
suggested-token-stranger = it answers our mail there, but we did not send that to this address
suggested-token-failed = it answers our mail there, but the sender’s domain denies it
suggested-reference-stranger = it answers a mail there, but its sender takes no part
suggested-reference-failed = it answers a mail there, but the sender’s domain denies it
suggested-subject-number = its subject names that case, but nothing else does

# Acknowledgement and business hours
acknowledgement-of = Acknowledgement of { $mailbox }
acknowledgement-link = Acknowledgement
acknowledgement-so = The first message of a case can be answered by itself: that it came, and by when somebody reads it. It repeats nothing that its sender wrote, reaches one address once a day at most, and never answers a machine.
acknowledgement-active = Acknowledge first messages
acknowledgement-subject = Subject
acknowledgement-text = Text
acknowledgement-closed = Text outside business hours
acknowledgement-closed-hint = Leave it empty to send the same text at all times.
acknowledgement-placeholders = In these texts {"{number}"} stands for the number of the case, {"{mailbox}"} for the name of this mailbox, {"{organization}"} for your organization.
acknowledgement-suggested-subject = We have your message: case {"{number}"}
acknowledgement-suggested = Thank you for writing to {"{organization}"}. Your message has arrived, and somebody will read it. Its number is {"{number}"}. To add something, simply answer this mail.
acknowledgement-suggested-closed = Thank you for writing to {"{organization}"}. Your message has arrived. Nobody is here right now; we read it as soon as we are back. Its number is {"{number}"}. To add something, simply answer this mail.
acknowledgement-sender = Automatic acknowledgement
clock = Reply clock
clock-about = By when a customer gets a reply
clock-so = How long a customer may wait for a reply, in your business hours. The time runs from their first message that nobody has answered.
clock-hint = Write 4 h, 90 min or 1:30. Leave it empty where nobody is timed.
clock-wrong = Write a time such as 4 h, 90 min or 1:30.
tags-about = The words that cases are marked with
tags-so = Words that cases are marked with. Anybody who works on cases adds new ones while working; here they get better names, or go.
tags-none = No tags yet
tags-none-then = A tag is made where it is first used, with t on a case, or here.
tag-new = New tag
tag-make = Add the tag
tag-name = Name
tag-delete = Delete
tag-delete-of = Delete { $tag }
tag-delete-so = Cases lose it by and by. What was written about them stays.
fields = Fields
fields-about = What you want to know of cases, people and customers
fields-so = What you want to know beyond what every desk keeps: an order number, a product, a day.
fields-none = No fields yet
fields-of-case = They stand beside every case, and can be asked for before it is resolved.
fields-of-contact = They stand on the page of everybody who speaks for a customer, and, filled in, beside the cases that are their issue.
fields-of-customer = They stand on the customer’s page and, filled in, beside their cases. The list of customers finds by them.
fields-change = Change
field-new-case = New field of cases
field-new-contact = New field of people
field-new-customer = New field of customers
field-make = Add the field
field-name = Name
field-kind = Holds
field-choices = Choices
field-choices-hint = One a line, for a field that offers choices.
field-required = Ask for it before a case is resolved
field-required-hint = Whoever resolves a case without it is asked.
field-needed = needed
field-delete = Delete
field-delete-of = Delete { $field }
field-delete-so = What was written in it is not shown any more.
field-text = A line of text
field-number = A number
field-choice = One of several choices
field-date = A day
hours = Business hours
hours-about = When somebody is there to answer
hours-so = What happens by itself can depend on whether somebody is there. The times are those of your organization’s time zone.
hours-when = When somebody is there
hours-always = Always
hours-at = At these times
hours-from = from
hours-to = to
hours-wrong = Write both times of a day, such as 09:00 and 17:30, or leave both empty.
hours-closed = Holidays
hours-closed-hint = One a line: 2026-12-28 for one day, 12-25 for every year.
monday = Monday
tuesday = Tuesday
wednesday = Wednesday
thursday = Thursday
friday = Friday
saturday = Saturday
sunday = Sunday

# Meetings and sealed mail
meeting-request = Invitation
meeting-changed = Changed invitation
meeting-cancel = Called off
meeting-reply = Answer to an invitation
meeting-counter = Another time is proposed
meeting-decline-counter = The other time does not suit
meeting-publish = Appointment
meeting-when = When
meeting-again = Again
meeting-where = Where
meeting-organizer = Organizer
meeting-people = People
meeting-zone = theirs: { $zone }
meeting-more = and { $count } more
meeting-accepted = comes
meeting-declined = does not come
meeting-tentative = may come
meeting-delegated = sends somebody else
sealed-smime-encrypted = This mail is encrypted (S/MIME), and only its addressee’s mail program can open it. Ask its sender to send it without encryption, or open the original there.
sealed-smime-signed = This mail is signed in a form that hides its text (S/MIME). The original can be opened in a mail program.
sealed-pgp = This mail is encrypted (OpenPGP), and only whoever has the key can open it. Ask its sender to send it without encryption, or open the original where the key is.
sealed-winmail = Outlook has packed this mail into winmail.dat, which only Outlook opens. Ask its sender to send it as HTML or plain text.

# What a file is that people wonder about
file-signature = signature of the mail
file-encrypted = encrypted
file-key = key for encrypted mail
file-winmail = made by Outlook
file-calendar = appointment
file-card = contact card
file-mail = mail
file-delivery-report = delivery report
file-read-receipt = read receipt
file-mail-header = header of a mail

# Notifications, following, and who else is here.

notifications = Notifications
notifications-new = { $count } new
notifications-new-word = new
notification-new = New.
notifications-seen = All read
notifications-choose = What tells you
notifications-none = Nothing yet. You are told here when a case becomes yours, when a colleague names you in a note, and when somebody writes in a case that is yours or that you follow.
notifications-list = Notifications, newest first
notifications-away = You are away: it stays quiet.
told-mentioned = { $who } mentions you in case { $number }
told-mentioned-often = { $who } and others mention you { $count } times in case { $number }
told-assigned = { $who } gave you case { $number }
told-assigned-by-itself = Case { $number } is yours now
told-message = { $who } wrote in your case
told-message-followed = { $who } wrote in a case that you follow
told-messages = { $count } new messages in case { $number }
told-clock = { $left } left to reply to { $customer }
told-clock-late = A reply to { $customer } is late
told-clock-minutes = { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}
told-about = { $subject }, { $customer }
said = “{ $words }”

follow = Follow this case
unfollow = Follow this case no longer
followers = Followed by
mention-list = Colleagues
here-viewing = { $who } is viewing.
here-writing = { $who } is writing.
here-noting = { $who } is writing a note.
someone-answered = { $who } has answered meanwhile. Your draft is kept.

choices-so = What may interrupt you, and how. You are never told of what you did yourself.
choices-saved = Saved.
choices-table = What tells you
choices-when = Tell me when
choices-app = In the desk
choices-device = On this device
choices-mail = By email
choice-mentioned = A colleague mentions me
choice-assigned = A case becomes mine
choice-message = Somebody writes in my case, or in one that I follow
choice-message-so = One for each case until you have seen it
choice-clock = A reply in such a case is nearly due
rhythm = Email
rhythm-soon = After 10 minutes
rhythm-hourly = At most once an hour
rhythm-daily = Once a day, at 08:00
rhythm-never = Never
rhythm-so = One mail with all that you have not seen in the desk.
device-ask = This browser may not show notifications yet. It shows them while a tab of the desk is open.
device-granted = This browser shows notifications while a tab of the desk is open.
device-denied = This browser refuses to show notifications. You can change that in its own settings for this site.
device-allow = Allow
device-try = Show one now
device-example = This is how a notification looks.
away = Away
away-head = Away
away-so = While you are away nothing interrupts you: no notification on a device, no email. The list goes on.
away-now = You are away until you say that you are back.
away-until = You are away until { $day }.
away-back = I am back
away-back-on = First day back
away-back-on-so = Leave it empty to be away until you say that you are back.
away-go = I am away
mistake-day-alone = Choose a day.
## Cases that are one issue, or two
merge-with = Merge with…
merge-number = Number of the other case
merge-hint = The older number stays; the other leads to it. It can be undone.
merge-line = #{ $number } { $subject } ({ $status })
merge-do = Merge
merge-number-wrong = Write the number of the other case, such as 1042.
merged-was = Case #{ $number } was merged into this one, case #{ $case }.
suggestion-join = Join
suggestion-apart = Not the same
split-choose = Split messages off
split-subject = Subject of the new case
split-hint = Choose messages above. Leave this empty, and the first of them names it.
split-do = Make it a case
split-this = Choose the message of { $who }
split-none = Choose at least one message.
cancel = Cancel
move-case = Move to another customer
move-case-title = Move to another customer
move-case-so = “{ $subject }” belongs to { $customer }. It takes its messages, notes and files along, and can come back.
move-here = Move here
find = Find
find-customer = Find a customer
find-customer-hint = The beginning of their name, or a mail address.
find-customer-none = Nobody is called that
find-customer-none-so = Look for the beginning of the name, or for the address from which they write.
entry-merged = { $who } merged { $case } into this case
entry-merge-undone = { $who } took { $case } out again
entry-split-undone = { $who } joined { $case } back into this case
entry-moved = { $who } moved this case from { $from } to { $to }
entry-moved-back = { $who } moved this case back to { $to }
did-merged = merged case { $number } into
did-merge-undone = took case { $number } out again of
did-split-undone = joined case { $number } back into
did-moved = moved it here from { $from }
did-moved-back = moved it back here
did-case-left = moved case { $number } to { $to }
why-apart = On its own, since somebody said that it is another issue

## A customer's people, files and timeline
nav-customers = Customers
customer-parent = Part of
cases-done = Cases that are done
files = Files
files-none = No message has come with a file.
timeline-about = What the timeline shows
topic-all = Everything
topic-messages = Messages
topic-notes = Notes
topic-changes = Changes
topic-people = People
merge-customer = Merge with another customer
merge-customer-so = Everything of { $name } is shown with the customer whom you choose, who stays. Nothing is moved, and it can be undone.
merge-into = Merge into
person-add = Add a person
contact-name = Name
person-change = Change { $name }
person-is = This person is
person-is-hint = All addresses then lead to the person whom you choose. It can be undone.
person-merge = Merge people
identity-kind = Kind of address
identity-address = Address
identity-add = Add address
identity-main = main
identity-dead = comes back
identity-prefer = Make it the main one
identity-prefer-this = Make it the main one: { $address }
identity-remove = { $address } is not theirs
identity-phone = Phone
identity-chat = Chat visitor
identity-social = Social handle
identity-product = Product user id
did-customer-merged = merged { $name } into this customer
did-customer-merge-undone = took { $name } out again
did-contact-renamed = changed the name of { $from } to { $to }
did-identity-added = said that { $address } is an address of { $name }
did-identity-removed = said that { $address } is no address of { $name }
did-identity-preferred = made { $address } the main address of { $name }
did-customer-field = set “{ $field }” to “{ $to }”
did-customer-field-empty = emptied “{ $field }”
did-contact-field = set “{ $field }” of { $name } to “{ $to }”
did-contact-field-empty = emptied “{ $field }” of { $name }
did-contacts-merged = said that { $name } is { $into }
did-contact-merge-undone = said that { $name } is somebody else

## The list of customers
customers-filter = Filter customers
customers-filter-example = Name, is:organization, domain:northwind.example
customers-filter-is = What they are
customers-filter-domain = A domain that is theirs
customers-order = Order
customers-by-recency = Last written
customers-by-name = Name
customers-last = Last written
customers-never = None yet
customers-none = No customers yet
customers-none-so = Whoever writes to one of your mailboxes is a customer from their first mail on.
customers-none-found = Type the beginning of a name, or take a word out of the filter.
customers-go-on = Nobody here yet. Look further on.
customers-mistake-key = The list knows no “{ $word }”. It knows { $values }
customers-mistake-value = “{ $meant }:” cannot be “{ $word }”. It can be: { $values }
customers-mistake-nothing = Nothing stands behind “{ $word }”.
customers-mistake-field = Write a field and what it says, such as field:"Plan=Gold".
customers-mistake-unknown = No field of customers is called so, or says so: “{ $word }”.
customers-mistake-name = A name can be looked for, but not kept out: “{ $word }”.
customer-kind = Kind
identities = Addresses
