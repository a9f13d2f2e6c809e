// Written by `npm run messages` from en.json.
declare const messages: {
  "languages": {
    "label": "Language",
    "change": "Change language"
  },
  "providers": {
    "auth0": "e-mail and password",
    "email": "an e-mail code",
    "sms": "a text message code",
    "google-oauth2": "Google",
    "github": "GitHub",
    "apple": "Apple",
    "facebook": "Facebook",
    "linkedin": "LinkedIn",
    "windowslive": "Microsoft"
  },
  "buttons": {
    "link": "Link accounts",
    "notNow": "Not now",
    "never": "Don’t ask again",
    "tryAgain": "Try again",
    "goOn": "Continue signing in without linking",
    "again": "I pressed twice: continue",
    "restart": "Start signing in again",
    "signOut": "Sign out there",
    "support": "Get help"
  },
  "prompt": {
    "titleOne": "Is this you, too?",
    "titleSeveral": "Are these you, too?",
    "signIn": "You are signing in with",
    "to": "to",
    "found": "There is also an account that is opened with",
    "choose": "Which account do you want to add?",
    "chooseFirst": "Choose one of the accounts first.",
    "oneAtATime": "One can be added now. We ask about the next one when you sign in again.",
    "explain": "Link accounts, and either way opens the same one. First you sign in to the other account, to show that it is yours.",
    "effects": "If you link them",
    "failed": "Last time, linking these accounts did not work. Nothing was lost, and you can try again.",
    "unknown": "Last time, we could not tell whether linking worked. You can safely try again.",
    "cannotGetIn": "You cannot get into the other account? Choose “Not now” and go on as before."
  },
  "effects": {
    "currentStays": "The account you are signing in to now stays. Applications keep knowing you by it.",
    "candidateStays": "The other account, opened with {provider}, stays. Applications keep knowing you by it.",
    "also": "The other account can also be opened with {providers}. Check that all of these are yours: each of them goes on opening it.",
    "waysOnly": "{count, plural, one {1 further way} other {# further ways}}",
    "since": "since {date}",
    "carriedFields": "Carried over to the account that stays: {fields}.",
    "carried": "{count, plural, one {1 saved detail of the account that ends is carried over.} other {# saved details of the account that ends are carried over.}}",
    "ends": "Roles, organizations and extra sign-in steps of the account that ends are not kept.",
    "devices": "Other devices signed in to the account that ends stay signed in for now.",
    "devicesEnd": "Other devices signed in to either account have to sign in again.",
    "undo": "You can undo this for {days, plural, one {# day} other {# days}}, on the page “Sign-in methods”.",
    "undoAlways": "You can undo this at any time, on the page “Sign-in methods”."
  },
  "confirm": {
    "title": "Link these two accounts?",
    "proven": "Thank you, the other account is yours. Nothing has been changed so far.",
    "current": "You are signing in with",
    "other": "You have just shown that you own the account opened with",
    "slow": "You took a moment; press once more."
  },
  "wrongAccount": {
    "signedIn": "You signed in with",
    "meant": "We asked for the account opened with",
    "signedInThere": "This browser stays signed in with"
  },
  "settings": {
    "title": "Sign-in methods",
    "providers": {
      "auth0": "E-mail and password",
      "email": "E-mail code",
      "sms": "Text message code"
    },
    "lead": "Each of these opens the same account: yours.",
    "signOut": "Sign out",
    "back": "Back to your sign-in methods",
    "methods": "{count, plural, one {One way to sign in} other {# ways to sign in}}",
    "primary": "Primary",
    "primaryMeans": "Applications know you by this one, so it stays. Whichever you use to sign in, you arrive in the same account.",
    "noLabel": "No address or name recorded",
    "since": "Since",
    "sinceUnknown": "Since: not recorded",
    "ways": {
      "login": "connected when you signed in to {application}",
      "here": "connected on this page",
      "unknown": "connected by other means"
    },
    "blockedThere": "Blocked: you cannot sign in with this one.",
    "offThere": "Switched off or no longer there: you cannot sign in with this one at present.",
    "disconnect": "Disconnect",
    "undo": "Undo",
    "suggestions": {
      "title": "Is this you, too?",
      "lead": "There is another account with your confirmed address. Connect it, and either way opens the same one.",
      "isMe": "This is me",
      "isNotMe": "This is not me",
      "since": "since {date}",
      "lastUsed": "last used {date}",
      "impossible": "Another account of yours cannot be connected"
    },
    "declined": {
      "title": "You are not asked about",
      "takeBack": "Ask me again when I sign in"
    },
    "connect": {
      "title": "Connect another way to sign in",
      "lead": "You sign in with it once, to show that it is yours. Before anything is changed, you see what will happen.",
      "first": "Your last sign-in was a while ago, so you sign in to this account again first.",
      "firstFactor": "Your account asks for a second step, such as a code, and you signed in without it. So you sign in to this account again first.",
      "none": "There is nothing else to connect here.",
      "unavailable": "What can be connected cannot be listed just now. Reload the page in a while."
    },
    "verify": {
      "title": "Your e-mail address is not confirmed",
      "what": "Nobody has confirmed {email} yet, so nothing can be connected to this account. Open the link in the mail that you get, then come back here.",
      "noAddress": "This account has no confirmed e-mail address, so nothing can be connected to it. Please get in touch with us.",
      "send": "Send the mail again"
    },
    "history": {
      "title": "Recent activity",
      "linked": "Connected {provider}",
      "unlinked": "Disconnected {provider}",
      "restored": "Undid the connection with {provider}",
      "declined": "Said no to connecting another account",
      "at": "when signing in to {application}",
      "here": "on this page"
    },
    "vault": "These are ways to sign in. They are not the “Connected Accounts” of Auth0’s Token Vault, which let an application call other services in your name.",
    "browserOnly": "Connect accounts in this browser only",
    "last": {
      "refused": "The last attempt to connect another account of yours did not succeed. {why}",
      "failed": "The last attempt to connect another account of yours did not succeed. Nothing was changed, and you will be asked again when you sign in.",
      "unknown": "The last attempt to connect another account of yours was interrupted. The list below shows what came of it."
    },
    "confirm": {
      "title": "Connect these two accounts?",
      "proven": "Thank you, you have shown that both are yours. Nothing has been changed so far.",
      "current": "You are signed in with",
      "other": "You have just signed in with",
      "effects": "If you connect them",
      "isNew": "The other account is new: it was created just now, and nothing is lost.",
      "currentStays": "This account stays, and applications keep knowing you by it. The other one becomes a way into it.",
      "otherStays": "The other account, opened with {provider}, stays, and applications know you by it from now on. This one becomes a way into it. You are signed in again afterwards.",
      "also": "The other account can also be opened with {providers}. Check that all of these are yours: each of them will open this account.",
      "carried": "Carried over to the account that stays: {fields}.",
      "kept": "Kept for the case that you disconnect them again: {fields}.",
      "lost": "Lost with the account that ends: {fields}.",
      "ends": "Roles, organizations and extra sign-in steps of the account that ends are not kept.",
      "undo": "You can undo this for {days, plural, one {# day} other {# days}}, here on this page.",
      "undoAlways": "You can undo this at any time, here on this page.",
      "noUndo": "This cannot be undone here.",
      "devicesEnd": "Other devices have to sign in again.",
      "devicesStay": "Other devices that are signed in stay signed in for now.",
      "connect": "Connect",
      "cancel": "Do not connect",
      "stray": "The account you signed in with just now did not exist before. You can remove it again.",
      "remove": "Do not connect, and remove it",
      "readAgain": "Something about these accounts has changed since you read this. Please read it again."
    },
    "refusal": {
      "title": "These accounts cannot be connected",
      "wrongTitle": "That was a different account",
      "sameTitle": "That was the same account",
      "signedIn": "You signed in with",
      "signedInThere": "This browser stays signed in with",
      "signOutThere": "Sign out there",
      "tryAgain": "Try again"
    },
    "disconnectPage": {
      "title": "Disconnect {provider}?",
      "undoTitle": "Undo the connection with {provider}?",
      "way": "Way to sign in",
      "effects": "If you do this",
      "becomes": "Signing in with {provider} opens an account of its own from then on, with nothing of this account in it.",
      "gets": "It gets back: {fields}.",
      "getsNothing": "It begins without saved details.",
      "gives": "This account gives up what only came from there: {fields}.",
      "changed": "Changed since, so this account keeps what it has now: {fields}.",
      "heldBack": "Not given back by itself: {fields}. Ask us if you need it.",
      "restored": "Both accounts are then as they were before they were connected.",
      "noMetadata": "Saved details stay with this account.",
      "notAsked": "You will not be asked to connect the two again, unless you want to.",
      "sessions": "Other devices have to sign in again.",
      "remove": "Also remove the account that is left behind, with everything saved in it. This cannot be undone.",
      "stepUp": "Your last sign-in was a while ago. Sign in to this account again first; then you can go on here.",
      "stepUpFactor": "Your account asks for a second step, such as a code, and you signed in without it. Sign in to this account again with it; then you can go on here.",
      "signInAgain": "Sign in again",
      "cancel": "Keep it",
      "confirm": "Disconnect",
      "confirmUndo": "Undo",
      "readAgain": "Something about this account has changed since you read this. Please read it again."
    },
    "fields": {
      "more": "{count, plural, one {1 further detail} other {# further details}}"
    },
    "problems": {
      "gone": {
        "title": "This account is no longer there",
        "what": "You are signed in to an account that has been removed since, or that has become part of another account of yours. Sign in again to reach the one you have now."
      },
      "ended": {
        "title": "Please sign in again",
        "what": "The ways to sign in to this account have changed since you signed in here. For your safety, sign in again."
      },
      "blocked": {
        "title": "This account cannot be used",
        "what": "The account you are signed in to has been blocked. Please get in touch if you think that is a mistake."
      },
      "down": {
        "title": "Your sign-in methods cannot be shown right now",
        "what": "They are kept by a service that does not answer at the moment. Signing in works as before."
      },
      "signInAgain": "Sign in again",
      "tryAgain": "Try again",
      "support": "Get help"
    },
    "done": {
      "connected": "Connected. From now on either way opens this account.",
      "already_connected": "This is connected already. Nothing had to be done.",
      "disconnected": "Disconnected. It opens an account of its own from now on.",
      "already_disconnected": "This was disconnected already. Nothing had to be done.",
      "restored": "Undone. Both accounts are as they were before they were connected.",
      "restored_partly": "Undone. What was changed since, or is not given back by itself, stays where it is.",
      "removed": "Removed for good.",
      "later": "It is disconnected; its saved details follow in a moment.",
      "not_removed": "Disconnected. The account that was left behind could not be removed, so it is still there.",
      "cancelled": "Nothing was changed.",
      "declined": "You will not be asked about that account again.",
      "mail_sent": "The mail is on its way. Open the link in it, then come back here.",
      "verified": "Your address is confirmed already. You can go on.",
      "taken_back": "You will be asked about that account again when you sign in."
    },
    "refused": {
      "not_linked": "This is not, or no longer, one of your ways to sign in. Your list of sign-in methods shows those you have.",
      "primary_identity": "Applications know you by this one, so it cannot be disconnected.",
      "last_way_in": "This is the last way to sign in that works for you at present. Connect another one first; then this one can go.",
      "blocked": "One of the two accounts is blocked, so that was not done. Please get in touch with us.",
      "restricted": "One of the two accounts has a restriction, so they stay apart. Please get in touch with us.",
      "same_account": "You signed in to the account you are using already, so there is nothing to connect.",
      "unverified": "The other account has an e-mail address that nobody has confirmed. Confirm it first, then connect the account.",
      "own_unverified": "The e-mail address of the account you are using is not confirmed yet, so nothing can be connected to it. Confirm it first; below is how.",
      "mail_limit": "We have sent that mail a few times already. Look among unwanted mail, too; you can have it sent again in an hour.",
      "email_mismatch": "Only accounts with the same confirmed e-mail address can be connected here.",
      "untrusted_connection": "Accounts of this kind cannot be connected here.",
      "several_identities": "Both accounts have several ways to sign in. Disconnect those of one of them first, so that one is left.",
      "both_provisioned": "Both accounts are managed by an organization, so they stay apart.",
      "not_available": "The other account cannot be used at present, or is not there any more. Nothing was changed.",
      "metadata_too_large": "The two accounts hold more saved details than fit into one. Nothing was changed. Please get in touch with us.",
      "belongs_to_another": "This way to sign in belongs to another account already. Sign in to that account and disconnect it there, or connect that account by its own first way to sign in.",
      "unknown_connection": "There is no such way to sign in here.",
      "mfa_required": "The account you signed in to asks for a second step, such as a code, and it was not used. Try again and use it.",
      "own_factor_required": "Your account asks for a second step, such as a code, and you signed in without it. Sign in again with it, then repeat the step.",
      "step_up_without_factor": "Your account asks for a second step, such as a code, but our sign-in service did not ask you for it, so that cannot be done here at present. Nothing was changed. Please get in touch with us.",
      "reauth_required": "Your last sign-in was a while ago. Sign in again, then repeat the step.",
      "wrong_account": "That was a different account, so nothing was changed.",
      "bad_id_token": "We could not check who signed in. Nothing was changed; try again.",
      "bad_issuer": "We could not check who signed in. Nothing was changed; try again.",
      "not_found": "That account is not there any more, so nothing was changed.",
      "sign_in_failed": "Signing in was cancelled, or the sign-in service said no. Nothing was changed.",
      "no_flow": "That step has ended, or was begun in another browser. Your list of sign-in methods shows what you have. You can start again.",
      "already_used": "That step is finished. Your list of sign-in methods shows what you have.",
      "changed": "Something about these accounts has changed since you read this. Please read it again.",
      "outdated": "The page you pressed that on was made before we renewed this application. This is the page as it is now: please press again.",
      "busy": "Another change to these accounts is under way. Wait a moment and try again.",
      "csrf": "That did not come from our page, so it was not carried out.",
      "tenant_unreachable": "The service that keeps your accounts does not answer just now. Nothing was changed; try again.",
      "store_unavailable": "Accounts cannot be connected or disconnected just now. Nothing was changed; try again in a while.",
      "rate_limited": "That was too often in a short time, so it was not done. Wait a minute, then try again.",
      "management_failed": "That did not work just now. Nothing was lost; try again in a while.",
      "missing_scope": "This is not set up yet. Nothing was lost. Please get in touch with us.",
      "not_linkable_here": "The sign-in service says more about that account than this page can keep. Please get in touch with us.",
      "link_refused": "The service that keeps your accounts refused. Nothing was lost. Please get in touch with us.",
      "outcome_unknown": "We could not tell whether that worked, because the answer was lost. Your list of sign-in methods shows how things stand. You can safely try again.",
      "other": "That did not work. Nothing was changed."
    }
  },
  "slow": {
    "title": "Press once more",
    "what": "You took a moment; press once more."
  },
  "notices": {
    "hello": "Hello,",
    "linked": {
      "subject": "{brand}: a sign-in method was added to your account",
      "what": "A sign-in method was added to your account at {brand}. It opens this account from now on.",
      "wayIn": "Added",
      "undo": "See how your account can be opened, and remove what is not yours:"
    },
    "unlinked": {
      "subject": "{brand}: a sign-in method was removed from your account",
      "what": "A sign-in method was removed from your account at {brand}. It does not open this account any more.",
      "wayIn": "Removed",
      "undo": "See how your account can be opened, and add what is missing again:"
    },
    "restored": {
      "subject": "{brand}: linked accounts were separated again",
      "what": "A link between two accounts at {brand} was undone. Each of them is an account of its own again.",
      "wayIn": "Separated",
      "undo": "See how your account can be opened, and link the two again:"
    },
    "removed": {
      "subject": "{brand}: an account was removed",
      "what": "An account at {brand} was removed for good. Nobody can sign in to it any more.",
      "wayIn": "Removed",
      "undo": "This cannot be undone. See how the account you still have can be opened:"
    },
    "when": "When",
    "application": "Application",
    "isYou": "If it was you who did this, there is nothing to do.",
    "notYou": "If it was not you, somebody else may be able to sign in as you.",
    "help": "If you cannot sign in, or need help:"
  },
  "browserLinking": {
    "title": "Link two accounts in this browser",
    "intro": "You sign in to both accounts, and then the second one becomes part of the first. All of it happens between this browser and the sign-in service.",
    "needsScript": "This page needs JavaScript, which is switched off in this browser.",
    "methods": "See your sign-in methods",
    "demo": "This is the demo. Its sign-in service has a certificate that no browser knows. Accept it where a window asks for it, or open this address once before and accept it there:",
    "first": "The account that stays",
    "other": "The account that becomes part of it",
    "nobody": "Nobody has signed in yet",
    "firstStep": {
      "title": "Sign in to the account that stays",
      "what": "A small window opens for it. Applications will keep knowing you by this account.",
      "act": "Sign in"
    },
    "otherStep": {
      "title": "Sign in to the other account",
      "what": "The window opens once more. Use the account that is to become part of the first one; signing in shows that it is yours.",
      "act": "Sign in to the other account",
      "proven": "You have signed in to the account that stays. Nothing has been changed so far."
    },
    "confirmStep": {
      "title": "Link these two accounts?",
      "proven": "Thank you, the other account is yours. Nothing has been changed so far.",
      "effects": "If you link them",
      "stays": "The first account stays as it is. Either way of signing in opens it.",
      "ends": "The other account ends. Its saved details, roles, organizations and extra sign-in steps are lost.",
      "final": "This cannot be undone on this page.",
      "act": "Link accounts"
    },
    "doneStep": {
      "title": "The accounts are linked",
      "what": "Either way of signing in opens the account that stays from now on. This page has forgotten both sign-ins."
    },
    "waiting": "Waiting for the sign-in window …",
    "linking": "Linking the accounts …",
    "cancel": "Cancel",
    "startAgain": "Start again",
    "code": "Code",
    "window": {
      "title": "One moment",
      "what": "This window closes by itself. If it does not, close it and go back to the page that opened it; nothing has been changed."
    },
    "errors": {
      "popup_blocked": {
        "title": "The window was blocked",
        "what": "This browser let no sign-in window open, so nothing was changed.",
        "next": "Allow windows for this page, and press again."
      },
      "popup_closed": {
        "title": "The window was closed",
        "what": "It was closed before the sign-in had ended, so nothing was changed.",
        "next": "You can try again. If it closes by itself, this browser or the sign-in service does not allow this way of linking."
      },
      "popup_timeout": {
        "title": "That took too long",
        "what": "The sign-in was not finished in time, so the window was closed and nothing was changed.",
        "next": "You can try again."
      },
      "sign_in_failed": {
        "title": "Signing in did not work",
        "what": "It was cancelled, or the sign-in service said no. Nothing was changed.",
        "next": "You can try again."
      },
      "bad_id_token": {
        "title": "We could not check who signed in",
        "what": "The answer of the sign-in service was not as it should be, or could not be checked. Nothing was changed.",
        "next": "You can try again."
      },
      "reauth_required": {
        "title": "Please sign in afresh",
        "what": "The account was opened without signing in again, so we cannot tell that it is yours. Nothing was changed.",
        "next": "You can try again."
      },
      "same_account": {
        "title": "That was the same account",
        "what": "You signed in to the account that stays once more, so nothing was changed.",
        "next": "Sign in to another account of yours."
      },
      "unverified": {
        "title": "The address is not confirmed",
        "what": "One of the two accounts has an e-mail address that nobody has confirmed, and somebody else might own it. Nothing was changed.",
        "next": "Confirm the address first, or use another account."
      },
      "email_mismatch": {
        "title": "The addresses differ",
        "what": "Only accounts with the same e-mail address can be linked here. Nothing was changed.",
        "next": "Use another account."
      },
      "untrusted_connection": {
        "title": "This way of signing in cannot be added",
        "what": "Accounts of this kind are not linked here. Nothing was changed.",
        "next": "Use another account."
      },
      "belongs_to_another": {
        "title": "That account is linked already",
        "what": "It has become part of another account meanwhile, so nothing was changed.",
        "next": "Use another account."
      },
      "link_refused": {
        "title": "These two accounts cannot be linked",
        "what": "The sign-in service refused it, and nothing was changed.",
        "next": "Use another account."
      },
      "expired": {
        "title": "The sign-in is too old",
        "what": "The sign-in service does not take it any more, so nothing was changed.",
        "next": "Start again."
      },
      "missing_scope": {
        "title": "This page may not link accounts",
        "what": "The sign-in service does not allow it, so nothing was changed.",
        "next": "Please get in touch with support."
      },
      "rate_limited": {
        "title": "Too many requests just now",
        "what": "The sign-in service asks to wait, so nothing was changed.",
        "next": "Wait a minute, and press again."
      },
      "tenant_unreachable": {
        "title": "The sign-in service did not do it",
        "what": "It did not answer as it should. The accounts are not linked, and nothing was changed.",
        "next": "You can press again."
      },
      "outcome_unknown": {
        "title": "We cannot tell whether the accounts are linked",
        "what": "The sign-in service did not answer, neither to the request nor to the question what came of it.",
        "next": "Look at your sign-in methods. You can safely start again: what is linked already stays as it is."
      },
      "internal": {
        "title": "This page could not be loaded in full",
        "what": "A part of it is missing, so nothing was changed.",
        "next": "Reload the page."
      }
    }
  },
  "as": "as",
  "cookieless": {
    "title": "Accounts cannot be linked in this window",
    "what": "It keeps no cookies, as some windows inside other apps do, so we cannot tell your steps apart from those of others.",
    "next": "Nothing was changed. Go on signing in; open the application in a browser if you want to link your accounts."
  },
  "waiting": "A sign-in waits in this browser, with",
  "another": {
    "title": "Is this your sign-in?",
    "what": "An address was opened that goes on with a sign-in. It is not the one that you are in the middle of here. If it is not yours, close this page.",
    "lead": "It is a sign-in with"
  },
  "reference": "Reference number",
  "errors": {
    "missing_token": {
      "title": "This page was opened without a sign-in",
      "what": "The address lacks the part that says whose sign-in it is.",
      "next": "Nothing was changed. Start signing in again from the application you came from."
    },
    "missing_state": {
      "title": "This page was opened without a sign-in",
      "what": "The address lacks the part that leads back to your sign-in.",
      "next": "Nothing was changed. Start signing in again from the application you came from."
    },
    "bad_state": {
      "title": "This address is damaged",
      "what": "The part that leads back to your sign-in cannot be read.",
      "next": "Nothing was changed. Start signing in again from the application you came from."
    },
    "bad_token": {
      "title": "This address cannot be used",
      "what": "It was not made by the sign-in this page belongs to, or it was altered.",
      "next": "Nothing was changed. Start signing in again from the application you came from."
    },
    "bad_request": {
      "title": "This request cannot be read",
      "what": "Something in the address or the form is not as it should be.",
      "next": "Nothing was changed. Start signing in again from the application you came from."
    },
    "expired": {
      "title": "That took too long",
      "what": "For your safety this step ends after a while.",
      "next": "Nothing was changed. Go on signing in; we will ask again another time."
    },
    "clock": {
      "title": "Accounts cannot be linked just now",
      "what": "Two of our clocks do not show the same time, so we cannot tell how old this step is. This is our fault, not yours.",
      "next": "Nothing was changed. You can go on signing in without linking."
    },
    "already_used": {
      "title": "This step is already finished",
      "what": "It can be used once, and it has been.",
      "next": "If you are signed in, you can close this page. Otherwise start signing in again."
    },
    "no_flow": {
      "title": "There is nothing to go on with here",
      "what": "This browser has no sign-in waiting, or it has ended.",
      "next": "Nothing was changed. Start signing in again from the application you came from."
    },
    "csrf": {
      "title": "This did not come from our page",
      "what": "Another site may have sent this request, so it was not carried out.",
      "next": "Nothing was changed. Go back to the page with the question and use its buttons."
    },
    "wrong_account": {
      "title": "That was a different account",
      "what": "It is not the one we asked for, so nothing was changed.",
      "next": "You can try again, or go on signing in without linking."
    },
    "same_account": {
      "title": "That was the same account",
      "what": "You signed in to the account you already use, so nothing was changed.",
      "next": "You can try again, or go on signing in without linking."
    },
    "bad_id_token": {
      "title": "We could not check who signed in",
      "what": "The answer of the sign-in service was not as it should be.",
      "next": "Nothing was changed. You can try again, or go on signing in without linking."
    },
    "bad_issuer": {
      "title": "We could not check who signed in",
      "what": "The answer came from a different sign-in service than the one asked.",
      "next": "Nothing was changed. You can try again, or go on signing in without linking."
    },
    "reauth_required": {
      "title": "Please sign in afresh",
      "what": "The other account was opened without signing in again, so we cannot tell that it is yours.",
      "next": "Nothing was changed. You can try again, or go on signing in without linking."
    },
    "mfa_required": {
      "title": "One step was missing",
      "what": "The other account asks for a second step, such as a code, and it was not used.",
      "next": "Nothing was changed. You can try again, or go on signing in without linking."
    },
    "unverified": {
      "title": "The address is not confirmed",
      "what": "The other account has an e-mail address that nobody has confirmed.",
      "next": "Nothing was changed. You can go on signing in without linking."
    },
    "not_available": {
      "title": "That account cannot be used now",
      "what": "The other account is not open for signing in.",
      "next": "Nothing was changed. You can go on signing in without linking."
    },
    "not_linkable_here": {
      "title": "These accounts cannot be put together here",
      "what": "We found another account of yours, but this sign-in cannot put the two together.",
      "next": "Nothing was changed. You can go on signing in without linking."
    },
    "sign_in_failed": {
      "title": "Signing in to the other account did not work",
      "what": "It was cancelled, or the sign-in service said no.",
      "next": "Nothing was changed. You can try again, or go on signing in without linking."
    },
    "tenant_unreachable": {
      "title": "The sign-in service does not answer",
      "what": "We could not reach it just now.",
      "next": "Nothing was changed. You can try again, or go on signing in without linking."
    },
    "store_unavailable": {
      "title": "We cannot link accounts just now",
      "what": "We could not make sure that this step was not used before.",
      "next": "Nothing was changed. You can try again, or go on signing in without linking."
    },
    "rate_limited": {
      "title": "That was too often in a short time",
      "what": "We do this a limited number of times a minute for one person.",
      "next": "Nothing was changed. Wait a minute before you try again."
    },
    "method_not_allowed": {
      "title": "This page cannot be used that way",
      "what": "It only takes the requests that our own pages make.",
      "next": "Nothing was changed. Start signing in again from the application you came from."
    },
    "not_found": {
      "title": "There is no such page",
      "what": "The address does not lead anywhere.",
      "next": "Nothing was changed. Start signing in again from the application you came from."
    },
    "internal": {
      "title": "Something went wrong on our side",
      "what": "We have noted it under the number below.",
      "next": "Nothing was changed. You can go on signing in without linking."
    }
  }
}
export default messages
