// Each state that the server sends becomes an event of the document, `state`, with its values.
// A hidden tab asks for none: a browser keeps six connections to an address.
{
  const said = document.getElementById("live-said");
  const time = document.getElementById("live-time");
  let began = 0;
  let over = false;
  let source = null;
  const take = event => {
    const state = JSON.parse(event.data);
    began = state.began || 0;
    time.textContent = "";
    said.textContent = state.said || "";
    document.dispatchEvent(new CustomEvent("state", { detail: state }));
  };
  const end = words => {
    time.textContent = words + "; this is what it saw last";
  };
  const follow = () => {
    source = new EventSource("events");
    source.onmessage = take;
    source.onerror = () => end("bootready does not answer");
    source.addEventListener("over", () => {
      over = true;
      source.close();
      document.dispatchEvent(new Event("over"));
      end("bootready has ended");
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (over) return;
    source.close();
    if (!document.hidden) follow();
  });
  setInterval(() => {
    if (began && !over && source.readyState === EventSource.OPEN)
      time.textContent = Math.max(0, Math.round(Date.now() / 1000 - began)) + " s";
  }, 1000);
  follow();
}
