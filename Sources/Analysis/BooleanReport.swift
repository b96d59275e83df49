public import Results

/// What a logical network does, as files: tables, drawings and a page.
public struct BooleanReport {
    /// Probabilities or values over time.
    public struct Course: Sendable {
        /// Starts of the windows, or times.
        public var times: [Double]
        public var nodes: [String]
        /// [time][node], nodes fastest.
        public var levels: [Double]
        /// In words, the most frequent first; none where nodes have values of their own.
        public var states: [String]
        /// [time][state], states fastest.
        public var probabilities: [Double]
        /// Of all other states.
        public var others: [Double]

        public init(
            times: [Double], nodes: [String], levels: [Double], states: [String] = [], probabilities: [Double] = [],
            others: [Double] = []
        ) {
            self.times = times
            self.nodes = nodes
            self.levels = levels
            self.states = states
            self.probabilities = probabilities
            self.others = others
        }
    }

    /// States beside each other: of attractors, or on a way to one.
    public struct States: Sendable {
        public var nodes: [String]
        public var highest: [Int]
        /// "55.3 %" or "step 3".
        public var labels: [String]
        /// [state][node], nodes fastest.
        public var levels: [Int]
        public var heading: String
        public var caption: String

        public init(
            nodes: [String], highest: [Int], labels: [String], levels: [Int], heading: String, caption: String
        ) {
            self.nodes = nodes
            self.highest = highest
            self.labels = labels
            self.levels = levels
            self.heading = heading
            self.caption = caption
        }
    }

    public var title: String
    public var about: String
    public var facts: [(String, String)] = []
    public var notes: [String] = []
    /// Pieces of the last line.
    public var origin: [String] = []
    public var course: Course?
    public var states: States?

    public init(title: String, about: String) {
        self.title = title
        self.about = about
    }

    /// Writes `boolean.html`, its drawings and tables; returns the page's path.
    public func write(_ folder: ResultFolder) throws -> String {
        var page = FigurePage(title: title, about: about)
        page.facts = facts
        page.notes = notes
        page.footer = origin
        if let states {
            try folder.write(BooleanReport.csv(states), to: "states.csv")
            try page.add(states.heading, states.caption, [StateFigure.make(states)], to: folder)
        }
        if let course {
            if !course.states.isEmpty {
                try folder.write(BooleanReport.stateCSV(course), to: "states.csv")
                try page.add(
                    "States", "The share of trajectories in each state, stacked.", [CourseFigure.states(course)],
                    to: folder)
            }
            try folder.write(BooleanReport.nodeCSV(course), to: "nodes.csv")
            try page.add(
                "Nodes", "The nodes that change most; nodes.csv holds all.", [CourseFigure.nodes(course)], to: folder)
        }
        try folder.write(page.html, to: "boolean.html")
        return folder.file("boolean.html")
    }

    // MARK: - Tables

    private static func csv(_ states: States) -> String {
        var text = CSVTable.line(["state"] + states.nodes)
        for (index, label) in states.labels.enumerated() {
            let row = states.levels[index * states.nodes.count..<(index + 1) * states.nodes.count]
            text += CSVTable.line([label] + row.map(String.init))
        }
        return text
    }

    private static func stateCSV(_ course: Course) -> String {
        rows(course.times, ["time"] + course.states + ["other states"]) { index in
            course.probabilities[index * course.states.count..<(index + 1) * course.states.count] + [
                course.others[index]
            ]
        }
    }

    private static func nodeCSV(_ course: Course) -> String {
        rows(course.times, ["time"] + course.nodes) { index in
            course.levels[index * course.nodes.count..<(index + 1) * course.nodes.count]
        }
    }

    private static func rows(_ times: [Double], _ header: [String], _ row: (Int) -> ArraySlice<Double>) -> String {
        var text = CSVTable.line(header)
        for (index, time) in times.enumerated() {
            text += CSVTable.line([CSVTable.number(time)] + row(index).map(CSVTable.number))
        }
        return text
    }
}
