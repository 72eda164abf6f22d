// The colours that a reader chose the last time, before anything is painted.
"use strict";

document.body.dataset.theme = localStorage.getItem("theme") || "auto";
