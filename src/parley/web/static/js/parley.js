// The one script of a page. Everything here makes better what already works without it.
import { startBack } from "./back.js";
import { startBell } from "./bell.js";
import { openArrived, startDialogs } from "./dialog.js";
import { startMenus } from "./menu.js";
import { startToasts } from "./toast.js";
import { startForms } from "./forms.js";
import { startPickers } from "./picker.js";
import { startSuggesting } from "./suggest.js";
import { startAttaching } from "./attach.js";
import { startDrafts } from "./drafts.js";
import { startComposers } from "./composer.js";
import { startNewTicket } from "./newticket.js";
import { startKeys } from "./keys.js";
import { startPalette } from "./palette.js";
import { startTheme } from "./theme.js";
import { startPostcodes } from "./postcodes.js";
import { startThread } from "./thread.js";
import { startCopying } from "./copying.js";
import { startDesk } from "./desk.js";
import { startLooking } from "./looking.js";
import { startMentioning } from "./mentioning.js";
import { startMessenger } from "./messenger.js";
import { startInserting } from "./inserting.js";
import { startReordering } from "./reordering.js";
import { startRenewing } from "./renewing.js";
import { startTrying } from "./trying.js";
import { startUnsent } from "./unsent.js";
import { startTyping } from "./typing.js";
import { startLive } from "./live.js";

// What wakes up in a piece of page: at the start the whole of it, later each fragment that arrives.
const wake = (root) => {
  startPickers(root);
  startSuggesting(root);
  startForms(root);
  startAttaching(root);
  startDrafts(root);
  startComposers(root);
  startNewTicket(root);
  startThread(root);
  startUnsent(root);
  startPostcodes(root);
};

startDialogs();
startMenus();
startToasts();
startKeys();
startPalette();
startTheme();
startCopying();
startDesk();
startInserting();
startReordering();
startRenewing();
startTrying();
startTyping();
startMentioning();
wake(document);
startLive();
startLooking();
startBell();
startBack();
startMessenger();

document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt === document.body) return;
  wake(event.detail.elt);
  openArrived(event.detail.elt);
});

document.documentElement.dataset.awake = "yes";
