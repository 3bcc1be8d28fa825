#include "observe/segment_counters.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../folders.hpp"
#include "json_document.hpp"
#include "observe/json.hpp"
#include "observe/metrics.hpp"
#include "sample.hpp"

namespace querent::observe::test {
namespace {

using testing::HasSubstr;

std::string document_of(const char* name) {
  std::ifstream file(querent::test::docs_folder() + "/" + name);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(SegmentCounters, EachHasNamesOfItsOwn) {
  std::set<std::string_view> keys;
  std::set<std::string_view> metrics;
  for (const auto& counter : segment_counters()) {
    EXPECT_TRUE(keys.insert(counter.key).second) << counter.key;
    EXPECT_TRUE(metrics.insert(counter.metric).second) << counter.metric;
  }
}

TEST(SegmentCounters, EachIsShownAndDocumented) {
  const Status status = good_status();
  const std::string metrics = metrics_text(status, {}, {});
  const auto json = nlohmann::json::parse(status_json(status));
  const auto& shown = json["interfaces"][0]["segments"][0]["counters"];
  const std::string metrics_page = document_of("metrics.md");
  const std::string schema = document_of("api.schema.json");
  const std::string api_page = document_of("api.md");
  for (const auto& counter : segment_counters()) {
    const std::string key(counter.key);
    EXPECT_THAT(metrics, HasSubstr(std::string("\n") + counter.metric + "{"));
    EXPECT_TRUE(shown.contains(key)) << key;
    EXPECT_THAT(metrics_page, HasSubstr(std::string("`") + counter.metric + "`"));
    EXPECT_THAT(schema, HasSubstr('"' + key + "\": {"));
    EXPECT_THAT(api_page, HasSubstr('"' + key + "\": "));
  }
}

// A counter of core that is not in the table would be one that nobody sees.
TEST(SegmentCounters, EachCountsSomethingElse) {
  std::set<std::uint64_t> values;
  SegmentStatus segment;
  auto& core = segment.view.counters;
  std::uint64_t next = 0;
  for (std::uint64_t* const member :
       {&core.proxy_queries, &core.without_router_alert, &core.version_mismatches,
        &core.elections_won, &core.elections_lost, &core.address_conflicts, &core.loops,
        &core.address_changes, &core.sleeps, &core.ssm_violations, &core.untracked_records,
        &core.skipped_records, &segment.view.ledger.refused_questions,
        &segment.record.socket_recoveries, &segment.record.frames_dropped,
        &segment.record.link_changes})
    *member = ++next;
  for (const auto& counter : segment_counters())
    values.insert(counter.value(segment));
  EXPECT_EQ(values.size(), next);
  EXPECT_FALSE(values.contains(0));
}

}  // namespace
}  // namespace querent::observe::test
