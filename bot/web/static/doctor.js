// Beside the pages for the doctor, which work without it: a print button, the whole address of a link, a copy button.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const address = document.querySelector("[data-address]");
if (address) {
  // The server does not know under which name she reached it; her browser does.
  if (address.textContent === address.dataset.address) address.textContent = location.origin + address.dataset.address;
  for (const hint of document.querySelectorAll("[data-without-script]")) hint.hidden = true;
  const copy = document.querySelector("[data-copy]");
  // Browsers let a page copy on https pages only, and an iframe only where the page around it lets it.
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    const said = document.querySelector("[data-copied]");
    try {
      await navigator.clipboard.writeText(address.textContent);
      said.textContent = said.dataset.copied;
    } catch {
      getSelection().selectAllChildren(address);
    }
  });
}
