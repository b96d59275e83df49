import Networks
import Testing

@Suite struct TimeCourseTests {
    @Test func holdsRowsByTime() {
        let course = TimeCourse(names: ["A", "B"], times: [0, 1], values: [1, 2, 3, 4])
        #expect(Array(course.row(1)) == [3, 4])
        #expect(course.column("B") == [2, 4])
        #expect(course.column("C") == nil)
    }
}
