import Biology

/// Whose the molecules are that come and go through compartments.
extension BodyEngine {
    /// Starts a window: what tissue gives of each sender's, and what it has got up to now.
    func openSenders() {
        for (c, carrier) in contents.senders.carriers.enumerated() {
            for k in contents.compartments.indices {
                var given = contents.senders.held[c].map { _ in 0.0 }
                for tissue in tissues {
                    for (sender, rate) in tissue.outflow(carrier, compartment: k).enumerated() { given[sender] += rate }
                }
                let got = exchanged(carrier, compartment: k)
                for sender in given.indices { contents.senders.outflow[c][sender][k] = given[sender] }
                for sender in got.indices { contents.senders.exchangedBefore[c][sender][k] = got[sender] }
            }
        }
    }

    /// Net into all tissues since the start, molecules by sender; every tissue stands at the same time.
    private func exchanged(_ carrier: CompartmentSenders.Carrier, compartment k: Int) -> [Double] {
        tissues.compactMap { $0.taggedExchange(carrier, compartment: k)?.total }.reduce([]) { sum, part in
            sum.isEmpty ? part : zip(sum, part).map { $0 + $1 }
        }
    }

    /// What tissue is expected to give of each sender's, along a line from the window before.
    func senderInflow() -> CompartmentSenderInflow {
        let senders = contents.senders
        let slope = senders.outflow.indices.map { c in
            senders.outflow[c].indices.map { sender in
                senders.outflow[c][sender].indices.map { k in
                    let change = senders.outflow[c][sender][k] - senders.outflowBefore[c][sender][k]
                    return window.lengthBefore > 0 ? change / window.lengthBefore : 0
                }
            }
        }
        return CompartmentSenderInflow(rate: senders.outflow, slope: slope)
    }

    /// Tells tissues whose what compartments hold will be over a window of a length, from its middle and its end.
    func setSenders(_ length: Double, _ middle: [[[Double]]], _ end: [[[Double]]]) {
        let first = contents.senders.held
        for (c, carrier) in contents.senders.carriers.enumerated() {
            for (k, compartment) in contents.compartments.enumerated() {
                for tissue in tissues {
                    guard let exchange = tissue.taggedExchange(carrier, compartment: k) else { continue }
                    for (sender, course) in exchange.courses.enumerated() {
                        let values = SIMD3(first[c][sender][k], middle[c][sender][k], end[c][sender][k])
                        course.set(from: window.start, length: length, values / compartment.volume.value)
                    }
                }
            }
        }
    }

    /// What compartments have got of each sender's since the window's start, molecules.
    func receivedBySender() -> [[[Double]]] {
        let senders = contents.senders
        return senders.carriers.enumerated().map { c, carrier in
            var received = senders.exchangedBefore[c]
            for k in contents.compartments.indices {
                for (sender, amount) in exchanged(carrier, compartment: k).enumerated() {
                    received[sender][k] -= amount
                }
            }
            return received
        }
    }
}
