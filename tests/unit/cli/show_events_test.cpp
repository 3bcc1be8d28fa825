#include "cli/show_events.hpp"

#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../probe/frame.hpp"

namespace querent::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

client::JsonDocument parsed(std::string_view text) {
  const auto document = client::JsonDocument::parse(text);
  EXPECT_TRUE(document) << text;
  return document.value_or(*client::JsonDocument::parse("null"));
}

std::string line(std::string_view text, bool colour = false) {
  return event_line(parsed(text).root(), colour);
}

class EventLine : public testing::Test {
 protected:
  EventLine() : zone_("TZ", "XYZ-2") { ::tzset(); }

  const Variable zone_;
};

TEST_F(EventLine, IsLikeALog) {
  EXPECT_EQ(line(R"({"id": 17, "time": "2026-11-21T22:41:29.123Z", "level": "info",
                     "event": "election_lost", "interface": "eth0", "family": "ipv4",
                     "text": "election lost to 192.168.1.2"})"),
            "2026-11-22 00:41:29.123 info  eth0 ipv4: election lost to 192.168.1.2");
  EXPECT_EQ(line(R"({"time": "2026-11-21T21:41:29.123Z", "level": "error", "interface": "eth0",
                     "family": null, "text": "is gone"})"),
            "2026-11-21 23:41:29.123 error eth0: is gone");
  EXPECT_EQ(line(R"({"time": "2026-11-21T21:41:29.123Z", "level": "warn", "interface": null,
                     "family": null, "text": "cannot read"})"),
            "2026-11-21 23:41:29.123 warn  cannot read");
}

TEST_F(EventLine, HasColour) {
  EXPECT_EQ(line(R"({"time": "2026-11-21T21:41:29.123Z", "level": "warn", "text": "x"})", true),
            "\x1b[2m2026-11-21 23:41:29.123\x1b[0m \x1b[33mwarn \x1b[0m x");
}

TEST_F(EventLine, TakesAnyJson) {
  EXPECT_EQ(line("null"), "? ?     ?");
  EXPECT_EQ(line(R"({"time": "yesterday", "level": 3, "interface": {}, "text": "a\u001b\n"})"),
            "yesterday ?     a\\x1b\\x0a");
  EXPECT_EQ(line(R"({"time": "2026-11-21T21:41:29.123Z!"})"), "2026-11-21T21:41:29.123Z! ?     ?");
  EXPECT_EQ(line(R"({"time": "-999-99-99T99:99:99.123Z"})").substr(0, 1), "-");
}

std::string page(const std::string& instance, int first, int last) {
  std::string text = R"({"instance": ")" + instance + R"(", "last": )" + std::to_string(last) +
                     R"(, "first": 1, "events": [)";
  for (int id = first; id <= last; ++id)
    text += (id == first ? "" : ",") + ("{\"id\": " + std::to_string(id) + "}");
  return text + "]}";
}

struct Taken {
  std::vector<std::uint64_t> ids;
  std::vector<std::string> notes;
  bool again = false;
};

Taken take(EventReader& reader, const std::string& text) {
  const auto document = parsed(text);
  const auto news = reader.take(document.root());
  Taken taken{.notes = news.notes, .again = news.again};
  for (const client::JsonValue event : news.events)
    taken.ids.push_back(event["id"].count().value_or(0));
  return taken;
}

TEST(EventReader, ShowsTheLatestThenWhatIsNew) {
  EventReader reader(2);
  EXPECT_EQ(reader.target(), "/api/v1/events?since=0&limit=2");
  EXPECT_THAT(take(reader, page("a", 5, 9)).ids, ElementsAre(8, 9));
  EXPECT_EQ(reader.target(), "/api/v1/events?since=9&limit=1000");
  EXPECT_THAT(take(reader, page("a", 10, 9)).ids, IsEmpty());
  const auto taken = take(reader, page("a", 10, 12));
  EXPECT_THAT(taken.ids, ElementsAre(10, 11, 12));
  EXPECT_THAT(taken.notes, IsEmpty());
  EXPECT_THAT(take(reader, page("a", 11, 12)).ids, IsEmpty());
}

TEST(EventReader, NoneOfTheOldOnes) {
  EventReader reader(0);
  EXPECT_EQ(reader.target(), "/api/v1/events?since=0&limit=1");
  EXPECT_THAT(take(reader, page("a", 9, 9)).ids, IsEmpty());
  EXPECT_EQ(reader.target(), "/api/v1/events?since=9&limit=1000");
  EXPECT_THAT(take(reader, page("a", 10, 10)).ids, ElementsAre(10));
}

TEST(EventReader, RecognisesARestart) {
  EventReader reader(50);
  take(reader, page("a", 1, 9));
  const auto restarted = take(reader, page("b", 10, 12));
  EXPECT_THAT(restarted.ids, IsEmpty());
  EXPECT_THAT(restarted.notes,
              ElementsAre("querent has started anew: its events are counted from 1 again"));
  EXPECT_TRUE(restarted.again);
  EXPECT_EQ(reader.target(), "/api/v1/events?since=0&limit=1000");
  const auto after = take(reader, page("b", 1, 12));
  EXPECT_EQ(after.ids.size(), 12U);
  EXPECT_THAT(after.notes, IsEmpty());
  EXPECT_FALSE(after.again);
}

TEST(EventReader, ARestartBeforeAnythingHappened) {
  EventReader reader(50);
  take(reader, page("a", 1, 0));
  const auto restarted = take(reader, page("b", 1, 2));
  EXPECT_THAT(restarted.ids, ElementsAre(1, 2));
  EXPECT_EQ(restarted.notes.size(), 1U);
  EXPECT_FALSE(restarted.again);
}

TEST(EventReader, TellsWhatItMissed) {
  EventReader reader(50);
  take(reader, page("a", 1, 9));
  const auto taken = take(reader, page("a", 15, 16));
  EXPECT_THAT(taken.ids, ElementsAre(15, 16));
  EXPECT_THAT(taken.notes, ElementsAre("5 events were missed"));
}

TEST(EventReader, TakesAnyJson) {
  for (const char* const strange :
       {"null", "{}", R"({"instance": 5, "events": {}, "last": -1})",
        R"({"events": [1, {}, {"id": "x"}], "last": 18446744073709551615})"}) {
    EventReader reader(50);
    EXPECT_THAT(take(reader, strange).ids, IsEmpty()) << strange;
    static_cast<void>(take(reader, strange));
  }
}

}  // namespace
}  // namespace querent::cli
