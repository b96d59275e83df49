@main
enum Paracrine {
    static func main() { print("paracrine") }
}
