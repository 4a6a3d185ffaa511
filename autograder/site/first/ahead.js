// Python starts with the page, beside JupyterLab and not after it: the worker of its kernel is made here.
{
  const AHEAD = __AHEAD__; // usual: the name of the file that JupyterLab would start; ours: the one that reads it too
  const Usual = window.Worker;
  const make = () => new Usual(new URL(AHEAD.ours, document.baseURI), { type: "module" });
  let first = make();
  window.Worker = new Proxy(Usual, {
    construct(target, given) {
      if (!new URL(given[0], document.baseURI).pathname.endsWith(`/${AHEAD.usual}`)) return Reflect.construct(target, given);
      const worker = first || make();
      first = null;
      return worker;
    },
  });
}
