#include "cli/stream_arguments.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/stream.hpp"

namespace querent::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(StreamArguments, Ranges) {
  const auto fault = range_fault(0.001, 100000);
  for (const auto* text : {"0.001", "1", "100000", "2.50"})
    EXPECT_EQ(fault(text), "");
  for (const auto* text : {"", "0", "0.0009", "100000.1", "1x", "x", "-1", "nan", "inf"}) {
    EXPECT_EQ(fault(text), "it must be from 0.001 to 100000") << text;
  }
}

TEST(StreamArguments, Durations) {
  for (const auto* text : {"1", "500ms", "30s", "5m"})
    EXPECT_EQ(duration_fault(text), "");
  for (const auto* text : {"", "0", "0ms", "soon", "-1s", "1 week", "-"}) {
    EXPECT_THAT(duration_fault(text), HasSubstr("must be a duration")) << text;
  }
  EXPECT_EQ(optional_duration(""), std::nullopt);
  EXPECT_EQ(optional_duration("500ms"), 500ms);
}

TEST(StreamArguments, EachChannelOnce) {
  EXPECT_EQ(parse_channels({"239.1.2.3", "239.1.2.3:5005", "239.1.2.3@10.0.0.1"})->size(), 3U);
  EXPECT_EQ(parse_channels({"239.1.2.3", "239.1.2.3:5004"}).error(),
            "239.1.2.3:5004 is there twice");
  EXPECT_EQ(parse_channels({"ff15::123", "[ff15::123]:5005", "ff15::123@fe80::1"})->size(), 3U);
  EXPECT_EQ(parse_channels({"ff15::123", "[FF15:0::0123]:5004"}).error(),
            "[ff15::123]:5004 is there twice");
  EXPECT_THAT(parse_channels({"239.1.2.3", "x"}).error(), HasSubstr("'x' is not an address"));
}

TEST(StreamArguments, ThereAreNotTooManyChannels) {
  std::vector<std::string> texts;
  for (std::size_t i = 1; i <= kMostChannels; ++i) {
    texts.push_back("239.1.2.3:" + std::to_string(i));
  }
  EXPECT_EQ(parse_channels(texts)->size(), kMostChannels);
  texts.emplace_back("239.1.2.4");
  EXPECT_EQ(parse_channels(texts).error(), "more than 1000 groups");
}

std::string advice(const char* text) {
  return advice_on(probe::parse_channel(text).value());
}

TEST(StreamArguments, AdviceOnGroupsThatTestNothing) {
  for (const auto* text : {"239.1.2.3", "224.0.1.1", "ff15::2", "ff02::123", "232.1.2.3@10.0.0.1",
                           "ff3e::8000:2@fe80::1"}) {
    EXPECT_EQ(advice(text), "");
  }
  for (const auto* text : {"224.0.0.251", "239.0.0.251", "239.128.0.251"}) {
    EXPECT_THAT(advice(text), HasSubstr("as 224.0.0.251,"));
  }
  EXPECT_THAT(advice("232.1.2.3"), HasSubstr("232.1.2.3:5004@SOURCE"));
  for (const auto* text : {"ff02::1", "ff15::1", "ff3e::1:0:1"}) {
    EXPECT_THAT(advice(text), HasSubstr("as ff02::1,")) << text;
  }
  for (const auto* text : {"ff01::1", "ff11::123", "ff00::123"}) {
    EXPECT_THAT(advice(text), HasSubstr("never leave a host")) << text;
  }
  EXPECT_THAT(advice("ff3e::8000:2"), HasSubstr("name it: [ff3e::8000:2]:5004@SOURCE"));
}

}  // namespace
}  // namespace querent::cli
