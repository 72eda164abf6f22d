// What is known before anything is painted: that scripts run, and the colours that a reader chose the last time.
"use strict";

// The theme says it when all is there, and every element is then styled anew.
document.documentElement.classList.remove("no-js");
document.body.dataset.theme = localStorage.getItem("theme") || "auto";
