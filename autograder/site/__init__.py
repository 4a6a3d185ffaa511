"""``crc-lab site``: the workbook as a static web site that runs in a browser alone, Python included.

    parts     what the site is made of, fetched once by locks and hashes: JupyterLite, Pyodide, pure wheels
    wheel     the student side as a wheel: with the workbook (training), or with one subject and no key (assessment)
    lock      Pyodide's list of packages, written here: nothing is looked for anywhere else
    lite      JupyterLite around it: the notebooks, the plugin, the settings of « ouvrir »
    host      what makes it fit any web host: plain file types, names that follow the content, no service worker
    page      the first page, plain HTML: the map, « Reprendre ma copie », « Ce n’est pas moi »
    check     no key, nothing from elsewhere, bounded sizes; ``published``: what a host does wrong
    command   all of this in order, and what is said

The same sources and the same parts give the same bytes.
"""
