/// How report pages look, on light and dark screens, wide and narrow ones, and on paper.
enum ReportStyle {
    static let css =
        light + """
            @media (prefers-color-scheme: dark) {
            :root { --ink: #e6e9ed; --faint: #9aa5b4; --line: #333a44; --page: #12161b; --card: #1c2128; --caption: #c5ccd6;
              --warn: #3a2c12; --pass: #45d0a0; --fail: #ff9466; }
            \(drawings)}

            """

    /// Drawings keep their colours in files; on a dark page those that need it are shown as others.
    private static let drawings = Colour.onDark.map { light, dark in
        ".drawing [fill=\"\(light)\"] { fill: \(dark); } .drawing [stroke=\"\(light)\"] { stroke: \(dark); }\n"
    }.joined()

    private static let light = """

        :root { color-scheme: light dark; --ink: #1b1f24; --faint: #5f6875; --line: #e3e6ea; --page: #f5f6f8;
          --card: #fff; --caption: #3c444f; --warn: #fff4e5; --pass: #00694c; --fail: #b03a00; }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; overflow-wrap: anywhere; }
        h1 { font-size: 30px; line-height: 1.2; margin: 8px 0; letter-spacing: -0.01em; }
        h2 { font-size: 21px; margin: 40px 0 10px; }
        h3 { font-size: 15px; margin: 0 0 8px; }
        .about { max-width: 46em; color: var(--faint); margin: 0 0 16px; }
        .absent { color: var(--faint); }
        .warning { background: var(--warn); border-left: 4px solid #e69f00; padding: 10px 14px; border-radius: 4px; }
        .facts { display: flex; flex-wrap: wrap; gap: 10px; margin: 16px 0 0; }
        .facts div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; }
        dt { font-size: 12.5px; color: var(--faint); } dd { margin: 0; font-weight: 600; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; }
        figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px;
          min-width: 0; break-inside: avoid; }
        figure.wide { grid-column: 1 / -1; }
        svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
        figcaption { margin-top: 10px; font-size: 14px; color: var(--caption); }
        figcaption a { color: var(--faint); font-size: 12.5px; }
        .download { white-space: nowrap; color: var(--faint); }
        .drawing { overflow-x: auto; }
        .said { max-width: 60em; margin: 0 0 8px; }
        .absent + .scroll, .said + .scroll { margin-top: 16px; }
        .scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; overflow-wrap: normal; }
        th, td { text-align: left; padding: 8px 12px; border-bottom: 1px solid var(--line); vertical-align: top; }
        .narrow { max-width: 540px; }
        tr:last-child td { border-bottom: 0; }
        th { font-weight: 600; color: var(--faint); vertical-align: bottom; min-width: 4.5em; }
        td:first-child, th:first-child { white-space: nowrap; } td.long:first-child { white-space: normal; }
        th.number { white-space: normal; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .pass { color: var(--pass); font-weight: 600; white-space: nowrap; }
        .fail { color: var(--fail); font-weight: 600; white-space: nowrap; }
        footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 13px;
          color: var(--faint); }
        @media (max-width: 640px) { main { padding: 16px 12px 40px; } h1 { font-size: 24px; } figure { padding: 12px; }
          .drawing { margin: 0 -4px; }
          .wide .drawing svg:not(:has(image)) { max-width: none; width: 600px; } th, td { padding: 7px 9px; } }
        @media print { body { background: #fff; font-size: 12px; } main { padding: 0; max-width: none; }
          figure, .facts div, .scroll { border-color: #ccc; } h2 { break-after: avoid; } figcaption a { display: none; } }

        """
}
