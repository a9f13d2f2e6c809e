// Written by `npm run messages` from en.json.
declare const messages: {
  "providers": {
    "auth0": "Email and password",
    "email": "Email code",
    "sms": "Text message code",
    "google-oauth2": "Google",
    "github": "GitHub",
    "apple": "Apple",
    "facebook": "Facebook",
    "linkedin": "LinkedIn",
    "windowslive": "Microsoft",
    "twitter": "X",
    "amazon": "Amazon"
  },
  "buttons": {
    "link": "Link accounts",
    "notNow": "Not now",
    "never": "Don’t ask again",
    "tryAgain": "Try again",
    "goOn": "Continue signing in without linking",
    "again": "Continue signing in",
    "restart": "Start signing in again",
    "signOut": "Sign out of that account",
    "support": "Get help",
    "signInAgain": "Sign in again"
  },
  "step": "Step {step, number} of {steps, number}",
  "prompt": {
    "titleOne": "Is this account yours too?",
    "titleSeveral": "Are these accounts yours too?",
    "signingIn": "Signing in now",
    "signingInTo": "Signing in to {application}",
    "found": "Found",
    "explain": "Link them to use either one. You’ll sign in to the other once to confirm it’s yours.",
    "explainSeveral": "Choose one to link. You’ll sign in to it once to confirm it’s yours.",
    "choose": "Which account is yours?",
    "chooseFirst": "Choose an account first.",
    "oneAtATime": "You can link one account now. We’ll ask about the next one when you sign in again.",
    "details": "What happens if you link accounts",
    "cannotGetIn": "Can’t sign in to the other account? Choose “{button}” and continue as before.",
    "failed": "Linking didn’t work last time. Nothing was lost. You can try again.",
    "unknown": "We couldn’t tell whether linking worked last time. You can safely try again."
  },
  "effects": {
    "currentStays": "The account you’re signing in to now stays, and apps still recognize you by it. Both ways of signing in will open it.",
    "candidateStays": "Your “{provider}” account stays, and apps still recognize you by it. Both ways of signing in will open it.",
    "also": "Your “{provider}” account also opens with {providers}. Check that all of these sign-in methods are yours: they’ll open the account that stays too.",
    "waysOnly": "{count, plural, one {# more way to sign in} other {# more ways to sign in}}",
    "since": "created {date}",
    "carriedFields": "Copied to the account that stays: {fields}.",
    "carried": "{count, plural, one {# saved detail is copied to the account that stays.} other {# saved details are copied to the account that stays.}}",
    "ends": "Roles, organizations and extra sign-in steps of the other account aren’t kept.",
    "devices": "Other devices stay signed in to the other account for now.",
    "devicesEnd": "You’ll be signed out on other devices.",
    "undo": "You can undo this until {date} in “{page}”.",
    "undoAlways": "You can undo this at any time in “{page}”."
  },
  "rights": {
    "given": "The account that stays also gets: {rights}.",
    "lost": "Lost with the other account: {rights}.",
    "lostKinds": "Not kept from the other account: {kinds}.",
    "enroll": "You’ll be asked to set up an extra sign-in step again.",
    "getsBack": "The separate account also gets back: {rights}.",
    "leaves": "No longer part of this account: {rights}.",
    "notReturned": "Not given back automatically: {rights}. Contact us if you need them.",
    "factorsAgain": "Extra sign-in steps and passkeys of the separate account have to be set up again.",
    "roles": "{count, plural, one {the role {names}} other {the roles {names}}}",
    "organizations": "{count, plural, one {membership in {names}} other {memberships in {names}}}",
    "permissions": "{count, plural, one {# permission} other {# permissions}}",
    "factors": "extra sign-in steps and passkeys",
    "more": "{count, plural, one {# more role or organization} other {# more roles or organizations}}",
    "allRoles": "roles",
    "allPermissions": "permissions",
    "allOrganizations": "organizations"
  },
  "confirm": {
    "title": "Link these accounts?",
    "proven": "Thanks, we’ve confirmed both are yours. Nothing has changed yet.",
    "stays": "Stays",
    "added": "Will be added",
    "effects": "What changes",
    "slow": "That took a moment. Please press the button once more."
  },
  "wrongAccount": {
    "signedIn": "The account you used",
    "meant": "The account we asked for"
  },
  "settings": {
    "title": "Sign-in methods",
    "lead": "Use any of these to sign in to your account.",
    "signOut": "Sign out",
    "back": "Back to sign-in methods",
    "backTo": "Back to {application}",
    "methods": "{count, plural, one {# sign-in method} other {# sign-in methods}}",
    "primary": "Main",
    "primaryMeans": "Apps know you by this one, so it can’t be disconnected.",
    "noLabel": "No email address or name",
    "since": "Since {date}",
    "ways": {
      "login": "Added on {date} while signing in to {application}",
      "here": "Added on {date} on this page",
      "unknown": "Not added on this page"
    },
    "blockedThere": "Blocked. You can’t sign in with this one.",
    "offThere": "Turned off or no longer available. You can’t sign in with this one right now.",
    "disconnect": "Disconnect",
    "undo": "Undo",
    "actOn": "{act}: {account}",
    "suggestions": {
      "title": "{count, plural, one {Is this account yours too?} other {Are these accounts yours too?}}",
      "lead": "{count, plural, one {It has your email address. Connect it, and you can use it to sign in here.} other {They have your email address. Connect one, and you can use it to sign in here.}}",
      "isMe": "Connect",
      "isNotMe": "Not mine",
      "lastUsed": "last used {date}",
      "impossible": "Accounts that can’t be connected"
    },
    "declined": {
      "title": "We no longer ask about these",
      "takeBack": "Ask me again"
    },
    "connect": {
      "title": "Add a sign-in method",
      "lead": "Sign in with it once to confirm it’s yours. You’ll see what changes before anything happens.",
      "first": "Your last sign-in was a while ago, so you’ll sign in to this account again first.",
      "firstFactor": "Your account uses a second step, such as a code. You’ll sign in to this account again with it first.",
      "again": "Connected. You can add another account.",
      "none": "There’s nothing else to add.",
      "unavailable": "We can’t show what you can add right now. Reload the page in a moment."
    },
    "verify": {
      "title": "Confirm your email address",
      "what": "You can add sign-in methods once {email} is confirmed. Open the link in the email we sent you, then come back here.",
      "noAddress": "This account has no confirmed email address, so you can’t add sign-in methods. Contact us for help.",
      "send": "Send the email again"
    },
    "enroll": {
      "title": "Set up an extra sign-in step",
      "what": "An account you connected had one, such as a code or a passkey. Set one up for this account too, so that it stays as safe as before.",
      "button": "Set it up"
    },
    "history": {
      "title": "Recent activity",
      "linked": "Connected {provider}",
      "unlinked": "Disconnected {provider}",
      "restored": "Undid connecting {provider}",
      "declined": "{count, plural, one {Declined to connect an account} other {Declined to connect # accounts}}"
    },
    "last": {
      "refused": "Connecting another account didn’t work last time. {why}",
      "failed": "Connecting another account didn’t work last time. Nothing has changed, and we’ll ask again when you sign in.",
      "unknown": "Connecting another account was interrupted last time. The list below shows the result."
    },
    "confirm": {
      "title": "Connect these accounts?",
      "isNew": "The other account is new, so nothing is lost.",
      "currentStays": "The account you’re signed in to stays, and apps still recognize you by it. Both ways of signing in will open it.",
      "otherStays": "Your “{provider}” account stays, and apps will recognize you by it. Both ways of signing in will open it. You’ll sign in again afterwards.",
      "also": "Your “{provider}” account also opens with {providers}. Check that all of these sign-in methods are yours: they’ll open this account too.",
      "kept": "Saved in case you disconnect the accounts again: {fields}.",
      "lost": "Lost with the other account: {fields}.",
      "undo": "You can undo this until {date}, on this page.",
      "undoAlways": "You can undo this at any time, on this page.",
      "noUndo": "You can’t undo this here.",
      "devicesStay": "Other devices stay signed in for now.",
      "connect": "Connect",
      "cancel": "Cancel",
      "stray": "Your sign-in just now created this account. You can delete it again.",
      "remove": "Cancel and delete it",
      "readAgain": "Something about these accounts has changed. Please check again before you connect them."
    },
    "refusal": {
      "title": "These accounts can’t be connected"
    },
    "disconnectPage": {
      "title": "Disconnect {provider}?",
      "undoTitle": "Undo connecting {provider}?",
      "becomes": "Signing in with {provider} will open a separate account instead of this one.",
      "gets": "The separate account gets back: {fields}.",
      "getsNothing": "The separate account starts without saved details.",
      "gives": "Removed from this account because it came from the other one: {fields}.",
      "changed": "Changed since, so it stays in this account: {fields}.",
      "heldBack": "Not given back automatically: {fields}. Contact us if you need them.",
      "restored": "Both accounts will be as they were before.",
      "noMetadata": "Saved details stay with this account.",
      "notAsked": "We won’t ask you to connect them again.",
      "remove": "Also delete the separate account and everything saved in it. This can’t be undone.",
      "stepUp": "Your last sign-in was a while ago. Sign in again first, then continue here.",
      "stepUpFactor": "Your account uses a second step, such as a code. Sign in again with it first, then continue here.",
      "cancel": "Keep it",
      "confirmUndo": "Undo",
      "readAgain": "Something about this account has changed. Please check again before you continue."
    },
    "fields": {
      "more": "{count, plural, one {# more detail} other {# more details}}"
    },
    "problems": {
      "gone": {
        "title": "This account no longer exists",
        "what": "It was deleted or is now part of another account of yours. Sign in again to open the account you have now."
      },
      "ended": {
        "title": "Please sign in again",
        "what": "Your sign-in methods have changed since you signed in here. For your security, sign in again."
      },
      "blocked": {
        "title": "This account is blocked",
        "what": "You can’t use the account you’re signed in to. Contact us if you think this is a mistake."
      },
      "down": {
        "title": "We can’t show your sign-in methods right now",
        "what": "Our sign-in service isn’t responding. You can still sign in as usual."
      }
    },
    "done": {
      "connected": "Connected. You can now sign in with either one.",
      "already_connected": "This sign-in method is already connected.",
      "disconnected": "Disconnected. It now opens a separate account.",
      "already_disconnected": "This sign-in method was already disconnected.",
      "restored": "Undone. Both accounts are as they were before.",
      "restored_partly": "Undone. Details that have changed since, or aren’t given back automatically, stay where they are.",
      "removed": "Deleted.",
      "later": "Disconnected. Its saved details will follow in a moment.",
      "not_removed": "Disconnected. We couldn’t delete the separate account, so it still exists.",
      "cancelled": "Nothing has changed.",
      "declined": "We won’t ask about that account again.",
      "mail_sent": "We’ve sent the email. Open the link in it, then come back here.",
      "verified": "Your email address is already confirmed. You can continue.",
      "taken_back": "We’ll ask about that account again when you sign in."
    },
    "refused": {
      "not_linked": "That isn’t one of your sign-in methods any more.",
      "primary_identity": "Apps know you by this one, so it can’t be disconnected.",
      "last_way_in": "This is the only sign-in method that works for you right now. Add another one first.",
      "blocked": "One of the accounts is blocked, so nothing has changed. Contact us for help.",
      "restricted": "One of the accounts has a restriction, so they can’t be connected. Contact us for help.",
      "same_account": "You signed in to the account you’re already using, so there’s nothing to connect.",
      "unverified": "The other account’s email address isn’t confirmed. Confirm it first, then connect the account.",
      "own_unverified": "Confirm the email address of this account first. You’ll find how below.",
      "mail_limit": "We’ve already sent that email a few times. Check your spam folder, or ask for it again in an hour.",
      "email_mismatch": "You can only connect accounts with the same confirmed email address.",
      "untrusted_connection": "Accounts of this kind can’t be connected here.",
      "several_identities": "Both accounts have several sign-in methods. On one of them, disconnect all but one, then try again.",
      "both_provisioned": "Both accounts are managed by an organization, so they can’t be connected.",
      "not_available": "The other account can’t be used right now, or no longer exists. Nothing has changed.",
      "metadata_too_large": "The two accounts have more saved details than fit into one. Nothing has changed. Contact us for help.",
      "roles_lost": "Roles of one of these accounts would be lost, so they can’t be connected. Nothing has changed. Contact us for help.",
      "permissions_lost": "Permissions of one of these accounts would be lost, so they can’t be connected. Nothing has changed. Contact us for help.",
      "memberships_lost": "One of these accounts would lose its place in an organization, so they can’t be connected. Nothing has changed. Contact us for help.",
      "factors_lost": "One of these accounts has an extra sign-in step or a passkey that would be lost, so they can’t be connected. Nothing has changed. Contact us for help.",
      "rights_unread": "We can’t see what the two accounts may do, so they can’t be connected. Nothing has changed. Contact us for help.",
      "rights_too_many": "The two accounts have more roles, permissions or organizations than fit into one. Nothing has changed. Contact us for help.",
      "adoption_refused": "One of the apps you use couldn’t take over your data, so the accounts can’t be connected. Nothing was lost. Try again in a while.",
      "belongs_to_another": "This sign-in method belongs to another account. Sign in to that account and disconnect it there first.",
      "unknown_connection": "That sign-in method isn’t available here.",
      "mfa_required": "The account you signed in to uses a second step, such as a code. Try again and use it.",
      "own_factor_required": "Your account uses a second step, such as a code. Sign in again with it, then try again.",
      "step_up_without_factor": "Your account uses a second step, such as a code, but our sign-in service didn’t ask you for it. Nothing has changed. Contact us for help.",
      "reauth_required": "Your last sign-in was a while ago. Sign in again, then try again.",
      "wrong_account": "You signed in to a different account, so nothing has changed.",
      "bad_id_token": "We couldn’t check who signed in. Nothing has changed. Please try again.",
      "bad_issuer": "We couldn’t check who signed in. Nothing has changed. Please try again.",
      "not_found": "That account no longer exists, so nothing has changed.",
      "sign_in_failed": "The sign-in was cancelled or refused. Nothing has changed.",
      "no_flow": "That step has ended or was started in another browser. You can start again.",
      "already_used": "That step is already done. Your sign-in methods are listed below.",
      "changed": "Something about these accounts has changed. Please check again.",
      "outdated": "We’ve updated this page since you opened it. Please press the button again.",
      "busy": "Another change to these accounts is in progress. Wait a moment, then try again.",
      "csrf": "That request didn’t come from this page, so nothing has changed.",
      "tenant_unreachable": "Our sign-in service isn’t responding. Nothing has changed. Please try again.",
      "store_unavailable": "You can’t connect or disconnect accounts right now. Nothing has changed. Try again in a while.",
      "rate_limited": "Too many attempts. Wait a minute, then try again.",
      "management_failed": "That didn’t work. Nothing was lost. Try again in a while.",
      "missing_scope": "This isn’t set up yet. Nothing was lost. Contact us for help.",
      "not_linkable_here": "That account has more details than this page can keep. Nothing has changed. Contact us for help.",
      "link_refused": "Our sign-in service refused to connect them. Nothing was lost. Contact us for help.",
      "outcome_unknown": "We couldn’t tell whether that worked. Your sign-in methods are listed below. You can safely try again.",
      "other": "That didn’t work. Nothing has changed."
    }
  },
  "slow": {
    "title": "Press once more"
  },
  "notices": {
    "hello": "Hello,",
    "linked": {
      "subject": "{brand}: a sign-in method was added to your account",
      "what": "A sign-in method was added to your account at {brand}. You can now use it to sign in.",
      "wayIn": "Added",
      "undo": "Check your sign-in methods and remove any that aren’t yours:"
    },
    "unlinked": {
      "subject": "{brand}: a sign-in method was removed from your account",
      "what": "A sign-in method was removed from your account at {brand}. It no longer opens this account.",
      "wayIn": "Removed",
      "undo": "Check your sign-in methods and add back any that are missing:"
    },
    "restored": {
      "subject": "{brand}: your accounts were separated again",
      "what": "Two linked accounts at {brand} were separated. Each is an account of its own again.",
      "wayIn": "Separated",
      "undo": "Check your sign-in methods, and connect the two again if you want to:"
    },
    "removed": {
      "subject": "{brand}: an account was deleted",
      "what": "An account at {brand} was deleted. Nobody can sign in to it any more.",
      "wayIn": "Deleted",
      "undo": "This can’t be undone. Check the sign-in methods of the account you still have:"
    },
    "when": "When",
    "application": "App",
    "doneBy": "Done by",
    "support": "our support team",
    "isYou": "If this was you, you don’t need to do anything.",
    "notYou": "If this wasn’t you, someone else may be able to sign in as you.",
    "help": "If you can’t sign in or need help:"
  },
  "mails": {
    "wasNotMe": "This wasn’t me",
    "takesBack": "This takes it back and signs you out of both accounts on all devices. You don’t need to sign in. It works for 7 days.",
    "notYou": "Not you?",
    "signsOut": "This signs you out of both accounts on all devices. You don’t need to sign in. It works for 7 days.",
    "invitation": {
      "subject": "{brand}: you have more than one account",
      "what": "More than one account at {brand} has this email address. These are the ways to sign in to each:",
      "account": "Account",
      "next": "When you next sign in, we’ll ask if you want to link them. After that, each of these ways opens the same account. You don’t need to do anything now.",
      "leave": "If you don’t want that, or don’t know these accounts, ignore this email. Nothing changes unless you sign in to each and confirm. Choose “{button}” when we ask, and we won’t write about it again.",
      "page": "See your sign-in methods:"
    }
  },
  "notMe": {
    "linkTitle": "Take this back?",
    "linked": "“{way}” was added to your account on {date}. If that wasn’t you, take it back now.",
    "separates": "The two accounts become separate again.",
    "signsOut": "Both accounts are signed out on all devices.",
    "neverAgain": "We won’t suggest connecting them again.",
    "changeTitle": "Sign out on all devices?",
    "changed": "The sign-in methods of your account changed on {date}. If that wasn’t you, sign out on all devices now.",
    "signOut": "Sign out on all devices",
    "ifYou": "If this was you, just close this page. Nothing has changed.",
    "takenTitle": "Taken back",
    "taken": "The two accounts are separate again.",
    "outTitle": "Signed out",
    "out": "Both accounts are being signed out on all devices. That can take a minute.",
    "notOut": "We couldn’t sign you out on other devices. Contact us for help.",
    "next": "Next, change your passwords, also the one of your email account, and check your sign-in methods.",
    "voidTitle": "Nothing to take back",
    "void": "This was already taken back, or something has changed since. Nothing has changed now.",
    "refusedTitle": "We couldn’t take this back",
    "refused": "The accounts are still connected. Contact us for help.",
    "staleTitle": "Please open the link again",
    "stale": "We can’t read this link, or this page was open for too long. Open the link in the email once more.",
    "check": "Check your sign-in methods"
  },
  "browserLinking": {
    "title": "Link two accounts in this browser",
    "intro": "Sign in to both accounts, and the second one becomes part of the first. This happens between this browser and the sign-in service.",
    "needsScript": "This page needs JavaScript, which is turned off in this browser.",
    "methods": "See your sign-in methods",
    "demo": "This is the demo. Its sign-in service has a certificate that browsers don’t know. Accept it in the window that opens, or open this address first and accept it there:",
    "first": "Stays",
    "other": "Will be added",
    "notSignedIn": "Not signed in yet",
    "firstStep": {
      "title": "Sign in to the account you want to keep",
      "what": "A small window opens. Apps will recognize you by this account.",
      "act": "Sign in"
    },
    "otherStep": {
      "title": "Sign in to the other account",
      "what": "The window opens once more. Use the account you want to add. Signing in confirms that it’s yours.",
      "act": "Sign in to the other account",
      "proven": "You’ve signed in to the account you want to keep. Nothing has changed yet."
    },
    "confirmStep": {
      "title": "Link these accounts?",
      "proven": "Thanks, we’ve confirmed both are yours. Nothing has changed yet.",
      "effects": "What changes",
      "stays": "The first account stays as it is. Both ways of signing in will open it.",
      "ends": "The other account ends. Its saved details, roles, organizations and extra sign-in steps are lost.",
      "final": "You can’t undo this on this page.",
      "act": "Link accounts"
    },
    "doneStep": {
      "title": "Your accounts are linked",
      "what": "You can now sign in with either one. This page has forgotten both sign-ins."
    },
    "waiting": "Waiting for the sign-in window …",
    "linking": "Linking your accounts …",
    "cancel": "Cancel",
    "startAgain": "Start again",
    "code": "Code",
    "window": {
      "title": "One moment",
      "what": "This window closes by itself. If it doesn’t, close it and go back to the page that opened it. Nothing has changed."
    },
    "errors": {
      "popup_blocked": {
        "title": "The window was blocked",
        "what": "Your browser didn’t allow the sign-in window, so nothing has changed.",
        "next": "Allow pop-up windows for this page, then try again."
      },
      "popup_closed": {
        "title": "The window was closed",
        "what": "It was closed before you finished signing in, so nothing has changed.",
        "next": "Try again. If it closes by itself, this browser or the sign-in service doesn’t allow linking this way."
      },
      "popup_timeout": {
        "title": "That took too long",
        "what": "You didn’t finish signing in in time, so nothing has changed.",
        "next": "Please try again."
      },
      "sign_in_failed": {
        "title": "Signing in didn’t work",
        "what": "The sign-in was cancelled or refused. Nothing has changed.",
        "next": "Please try again."
      },
      "bad_id_token": {
        "title": "We couldn’t check who signed in",
        "what": "The answer of the sign-in service couldn’t be checked. Nothing has changed.",
        "next": "Please try again."
      },
      "reauth_required": {
        "title": "Please sign in again",
        "what": "The account opened without asking you to sign in, so we can’t confirm that it’s yours. Nothing has changed.",
        "next": "Please try again."
      },
      "same_account": {
        "title": "That’s the same account",
        "what": "You signed in to the account you want to keep once more, so nothing has changed.",
        "next": "Sign in to another account of yours."
      },
      "unverified": {
        "title": "The email address isn’t confirmed",
        "what": "One of the accounts has an email address that isn’t confirmed and might belong to someone else. Nothing has changed.",
        "next": "Confirm the email address first, or use another account."
      },
      "email_mismatch": {
        "title": "The email addresses are different",
        "what": "You can only link accounts with the same email address here. Nothing has changed.",
        "next": "Use another account."
      },
      "untrusted_connection": {
        "title": "This sign-in method can’t be added",
        "what": "Accounts of this kind can’t be linked here. Nothing has changed.",
        "next": "Use another account."
      },
      "belongs_to_another": {
        "title": "That account is already linked",
        "what": "It’s now part of another account, so nothing has changed.",
        "next": "Use another account."
      },
      "link_refused": {
        "title": "These accounts can’t be linked",
        "what": "The sign-in service refused to link them. Nothing has changed.",
        "next": "Use another account."
      },
      "expired": {
        "title": "Your sign-in is too old",
        "what": "The sign-in service no longer accepts it, so nothing has changed.",
        "next": "Start again."
      },
      "missing_scope": {
        "title": "This page can’t link accounts",
        "what": "The sign-in service doesn’t allow it, so nothing has changed.",
        "next": "Contact us for help."
      },
      "rate_limited": {
        "title": "Too many attempts",
        "what": "The sign-in service asked us to wait, so nothing has changed.",
        "next": "Wait a minute, then try again."
      },
      "tenant_unreachable": {
        "title": "The sign-in service didn’t respond as expected",
        "what": "Your accounts aren’t linked, and nothing has changed.",
        "next": "Please try again."
      },
      "outcome_unknown": {
        "title": "We can’t tell whether your accounts are linked",
        "what": "The sign-in service didn’t respond.",
        "next": "Check your sign-in methods. You can safely start again: accounts that are already linked stay linked."
      },
      "internal": {
        "title": "This page didn’t load completely",
        "what": "A part of it is missing, so nothing has changed.",
        "next": "Reload the page."
      }
    }
  },
  "cookieless": {
    "title": "We can’t link accounts in this window",
    "what": "It doesn’t keep cookies, as in some windows inside other apps, so we can’t be sure that each step is yours.",
    "next": "Nothing has changed. Continue signing in. To link your accounts, open the app in a browser."
  },
  "waiting": "A sign-in is waiting in this browser",
  "another": {
    "title": "Is this your sign-in?",
    "what": "The link you opened continues a sign-in that isn’t the one you started here. If it isn’t yours, close this page.",
    "lead": "This sign-in"
  },
  "languages": {
    "label": "Language",
    "change": "Change"
  },
  "reference": "Reference number: {number}",
  "code": "Code: {code}",
  "errors": {
    "missing_token": {
      "title": "No sign-in in progress",
      "what": "The address is missing the part that says whose sign-in it is.",
      "next": "Nothing has changed. Go back to the app you came from and sign in again."
    },
    "missing_state": {
      "title": "No sign-in in progress",
      "what": "The address is missing the part that leads back to your sign-in.",
      "next": "Nothing has changed. Go back to the app you came from and sign in again."
    },
    "bad_state": {
      "title": "This address is broken",
      "what": "The part that leads back to your sign-in can’t be read.",
      "next": "Nothing has changed. Go back to the app you came from and sign in again."
    },
    "bad_token": {
      "title": "This address doesn’t work",
      "what": "It doesn’t belong to a sign-in here, or it was changed.",
      "next": "Nothing has changed. Go back to the app you came from and sign in again."
    },
    "bad_request": {
      "title": "We can’t read this request",
      "what": "Something in the address or the form isn’t as expected.",
      "next": "Nothing has changed. Go back to the app you came from and sign in again."
    },
    "expired": {
      "title": "That took too long",
      "what": "For your security, this step ends after a while.",
      "next": "Nothing has changed. Continue signing in. We’ll ask again another time."
    },
    "clock": {
      "title": "We can’t link accounts right now",
      "what": "Something is wrong on our side.",
      "next": "Nothing has changed. You can continue signing in without linking."
    },
    "already_used": {
      "title": "This step is already done",
      "what": "It works only once.",
      "next": "If you’re signed in, you can close this page. Otherwise, start signing in again."
    },
    "no_flow": {
      "title": "No sign-in in progress",
      "what": "There’s no sign-in waiting in this browser, or it has ended.",
      "next": "Nothing has changed. Go back to the app you came from and sign in again."
    },
    "csrf": {
      "title": "This didn’t come from our page",
      "what": "The request may have come from another site, so we stopped it.",
      "next": "Nothing has changed. Go back to the page with the question and use its buttons."
    },
    "wrong_account": {
      "title": "That’s a different account",
      "what": "You signed in to an account that isn’t the one we asked for.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "same_account": {
      "title": "That’s the account you’re using",
      "what": "You signed in to the same account again.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "bad_id_token": {
      "title": "We couldn’t check who signed in",
      "what": "The answer of the sign-in service wasn’t as expected.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "bad_issuer": {
      "title": "We couldn’t check who signed in",
      "what": "The answer came from another sign-in service than the one we asked.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "reauth_required": {
      "title": "Please sign in again",
      "what": "The other account opened without asking you to sign in, so we can’t confirm that it’s yours.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "mfa_required": {
      "title": "One step was missing",
      "what": "The other account uses a second step, such as a code, and it wasn’t used.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "unverified": {
      "title": "The email address isn’t confirmed",
      "what": "The other account’s email address isn’t confirmed yet.",
      "next": "Nothing has changed. You can continue signing in without linking."
    },
    "not_available": {
      "title": "That account can’t be used right now",
      "what": "You can’t sign in to the other account.",
      "next": "Nothing has changed. You can continue signing in without linking."
    },
    "not_linkable_here": {
      "title": "These accounts can’t be linked here",
      "what": "We found another account of yours, but this sign-in can’t link the two.",
      "next": "Nothing has changed. You can continue signing in without linking."
    },
    "sign_in_failed": {
      "title": "Signing in to the other account didn’t work",
      "what": "The sign-in was cancelled or refused.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "tenant_unreachable": {
      "title": "Our sign-in service isn’t responding",
      "what": "We couldn’t reach it just now.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "store_unavailable": {
      "title": "We can’t link accounts right now",
      "what": "We couldn’t check whether this step was used before.",
      "next": "Nothing has changed. Try again, or continue signing in without linking."
    },
    "rate_limited": {
      "title": "Too many attempts",
      "what": "You’ve tried several times in a short time.",
      "next": "Nothing has changed. Wait a minute, then try again."
    },
    "method_not_allowed": {
      "title": "This page can’t be used that way",
      "what": "It only accepts requests from our own pages.",
      "next": "Nothing has changed. Go back to the app you came from and sign in again."
    },
    "not_found": {
      "title": "Page not found",
      "what": "There’s no page at this address.",
      "next": "Nothing has changed. Go back to the app you came from and sign in again."
    },
    "internal": {
      "title": "Something went wrong on our side",
      "what": "We’ve recorded the problem under the number below.",
      "next": "Nothing has changed. You can continue signing in without linking."
    }
  },
  "pages": {
    "welcome": {
      "title": "One account, however you sign in",
      "lead": "If you’ve used {brand} with a password one day and with Google the next, both can open the same account. We ask when you sign in, and nothing is linked unless you agree.",
      "methods": "See your sign-in methods"
    },
    "notFound": {
      "title": "Page not found",
      "what": "Check the address, or go to the start page.",
      "start": "Go to the start page"
    },
    "internal": {
      "title": "Something went wrong on our side",
      "what": "Nothing about your account has changed. Reload the page. If it happens again, come back in a while."
    },
    "outdated": {
      "title": "This page is out of date",
      "what": "We’ve updated it since you opened it. Nothing has changed. Reload the page and press the button again.",
      "reload": "Reload the page"
    },
    "signInFailed": {
      "title": "You’re not signed in",
      "sign_in_failed": "The sign-in wasn’t completed. Please sign in again.",
      "no_flow": "This sign-in was started in another browser, took too long, or was already finished. Please start again here.",
      "tenant_unreachable": "Our sign-in service isn’t responding. Please try again in a minute."
    }
  }
}
export default messages
