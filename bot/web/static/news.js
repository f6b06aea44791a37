// A browser can't go back to the answer of a POST. It can go back to this address, which leads to the chat.
history.replaceState(null, "", "/news");
