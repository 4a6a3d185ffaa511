// The part of JupyterLab that the plugin uses, as the plugin sees it.

type Sheet = Record<string, Json>;
type Lab = {
  app: {
    commands: { processKeydownEvent(event: KeyboardEvent): void; execute(id: string, args?: object): Promise<unknown>; addCommand(id: string, options: object): unknown; notifyCommandChanged(id: string): void };
    shell: LuminoWidget & { currentWidget: unknown; mode?: string; leftCollapsed?: boolean; layoutModified?: Signal<() => void>; currentChanged?: Signal<() => void>; add(widget: LuminoWidget, area: string, options: object): void; collapseLeft?(): void; collapseRight?(): void;
      isSideTabBarVisible?(side: string): boolean; toggleSideTabBarVisibility?(side: string): void; widgets(area: string): Iterable<LuminoWidget> };
    serviceManager: {
      contents: { get(path: string, options: object): Promise<Json>; getDownloadUrl(path: string): Promise<string> };
      kernels: { refreshRunning(): Promise<void>; running(): Iterable<{ id: string }> };
      serverSettings: { baseUrl: string };
    };
    restored: Promise<void>;
  };
  tracker: {
    currentWidget: Panel | null;
    currentChanged: Signal<() => void>;
    widgetAdded: Signal<(sender: unknown, panel: Panel) => void>;
    find(test: (panel: Panel) => boolean): Panel | undefined;
    forEach(action: (panel: Panel) => void): void;
  };
  settings: SettingRegistry | null;
  executor: { runCell(options: object): Promise<boolean> };
  Notification: { info(text: string, options: object): unknown; manager: { changed: Signal<() => void> } };
  translator: Translator | null;
  nullTranslator: Translator;
  Widget: { new (options: { node: HTMLElement }): LuminoWidget };
  PageConfig: { setOption(name: string, value: string): string };
  ServerConnection: { makeRequest(url: string, request: RequestInit, settings: object): Promise<Response> };
  fastForwardIcon: object;
  codeIcon: object;
};
interface Translator { languageCode?: string; load(domain: string): { __(text: string, ...given: unknown[]): string } }
interface SettingRegistry { load(id: string): Promise<Settings> }
interface Settings { composite: Record<string, Json>; changed: Signal<() => void>; set(key: string, value: Json): Promise<void> }
interface LuminoWidget { id: string; node: HTMLElement; context?: { path: string }; setHidden(hidden: boolean): void; close(): void; children(): Iterable<LuminoWidget> }
interface Signal<Listener> { connect(listener: Listener): unknown }
interface Widget {
  node: HTMLElement;
  isDisposed: boolean;
  addClass(name: string): void;
  removeClass(name: string): void;
  toggleClass(name: string, on: boolean): void;
  hasClass(name: string): boolean;
}
interface Panel extends Widget {
  toolbar: LuminoWidget;
  close(): void;
  content: { node: HTMLElement; widgets: Cell[]; model: object; notebookConfig: object; scrollToCell(cell: Cell, align: string): Promise<void> };
  context: NotebookContext;
  sessionContext: {
    session: { kernel: Kernel | null } | null;
    ready: Promise<void>;
    prevKernelName: string;
    kernelPreference: object;
    iopubMessage: Signal<(sender: unknown, message: KernelMessage) => void>;
    restartKernel(): Promise<void>;
    shutdown(): Promise<void>;
    changeKernel(options: { name: string }): Promise<unknown>;
  };
  revealed: Promise<void>;
}
interface KernelMessage { header: { msg_type: string }; parent_header: { session?: string }; content: { code?: string } }
interface Kernel {
  id: string; clientId: string; name: string; status: string; connectionStatus: string;
  requestExecute(content: object): { done: Promise<unknown> };
  spec: Promise<{ language: string; env?: Record<string, string>; argv?: string[] } | undefined>;
}
interface Cell extends Widget {
  readOnly: boolean;
  inputHidden: boolean;
  outputHidden?: boolean;
  model: {
    type: string; sharedModel: { getSource(): string };
    getMetadata(key: string): Json; clearExecution(): void; outputs?: { length: number };
  };
}
interface NotebookContext {
  path: string;
  isDisposed: boolean;
  isReady: boolean;
  ready: Promise<void>;
  canSave: boolean;
  contentsModel: { writable?: boolean; hash?: string; last_modified?: string } | null;
  disposed: Signal<() => void>;
  model: { dirty: boolean; getMetadata(key: string): Json; setMetadata(key: string, value: Json): void; toJSON(): Json };
  save(): Promise<void>;
  revert(): Promise<void>;
  /** JupyterLab's own; see saving.js. */
  _updateContentsModel?(model: Json): void;
  _raiseConflict?(...about: unknown[]): Promise<void>;
}
/** An answer whose card waits to hear that it is on disk. */
interface Answer { element: EventTarget; q: string | null; date: string | null }
/** What is known of an open file; `cells`: as they were last read from the disk or written to it; `since`: when the oldest
 * answer not yet saved was given (0: none). */
interface OpenFile {
  context: NotebookContext; waiting: Answer[]; timer: number; since: number; failures: number; banner: HTMLElement | null; rescued: boolean; last: Promise<void>; asks: boolean; cells: string;
}
interface Window { _JUPYTERLAB?: Record<string, object> }
