#include "cli/watch_show.hpp"

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"
#include "cli/line_output.hpp"
#include "wire/codec.hpp"

namespace querent::cli {
namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

constexpr Duration kNoon = 1'767'268'800s;  // 2026-01-01 12:00 UTC
constexpr Address kGroup = Address::v4(239, 1, 2, 3);
constexpr Address kOther = Address::v4(239, 1, 2, 4);

Bytes leave(Address group) {
  return wire::encode({.source = Address::v4(10, 0, 0, 7),
                       .destination = Address::v4(224, 0, 0, 2),
                       .message = Leave{group}});
}

constexpr Address kOther6 = Address::v6(0xFF15000000000000, 4);
constexpr Address kGroup6 = Address::v6(0xFF15000000000000, 0x0001'0002'0003);

Bytes done(Address group) {
  return wire::encode({.source = Address::v6(0xFE80000000000000, 7),
                       .destination = Address::v6(0xFF02000000000000, 2),
                       .message = Leave{group}});
}

Bytes not_mld() {
  Bytes packet = done(kGroup6);
  packet[48] = 136;  // a neighbour advertisement
  return packet;
}

Bytes not_igmp() {
  Bytes packet = leave(kGroup);
  packet[9] = 17;
  return packet;
}

// What is shown of these packets, a second apart.
class Show : public testing::Test {
 protected:
  Show() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void show(ShowOptions options, const std::vector<Bytes>& packets,
            std::optional<net::CaptureWriter> writer = {}) {
    WatchShow watch(std::move(options), wire::LinkType::kRawIp, std::move(writer));
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Duration time = kNoon + 123'456'789ns;
    shown_ = 0;
    for (const Bytes& packet : packets) {
      ++shown_;
      code_ = watch.show({.time = time, .full_size = packet.size(), .bytes = packet});
      if (code_) break;
      time += 1s;
    }
    watch.summarize(0);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
  }

  std::string path_ = testing::TempDir() + "querent-show-" + std::to_string(::getpid());
  std::string out_;
  std::string err_;
  std::optional<int> code_;
  std::size_t shown_ = 0;
};

TEST_F(Show, ALineEach) {
  show({}, {leave(kGroup), not_igmp(), leave(kOther)});
  EXPECT_EQ(out_,
            "12:00:00.123 10.0.0.7 leaves 239.1.2.3 (v2)\n"
            "12:00:02.123 10.0.0.7 leaves 239.1.2.4 (v2)\n");
  EXPECT_EQ(err_, "2 messages shown; 1 other frame\n");
  EXPECT_FALSE(code_);
}

TEST_F(Show, WhatIsWrongIsCounted) {
  Bytes broken = leave(kGroup);
  broken.back() ^= 1U;
  show({}, {leave(kGroup), broken});
  EXPECT_EQ(err_, "2 messages shown, 1 of them wrong\n");
}

TEST_F(Show, RelativeTimes) {
  show({.relative = true}, {leave(kGroup), leave(kOther)});
  EXPECT_EQ(out_,
            "       0.000 10.0.0.7 leaves 239.1.2.3 (v2)\n"
            "       1.000 10.0.0.7 leaves 239.1.2.4 (v2)\n");
}

TEST_F(Show, Json) {
  show({.interface = "eth0", .json = true}, {leave(kGroup)});
  EXPECT_THAT(out_, StartsWith(R"({"time":"2026-01-01T12:00:00.123456789Z","interface":"eth0",)"));
}

TEST_F(Show, OneGroup) {
  show({.groups = {kOther}}, {leave(kGroup), leave(kOther)});
  EXPECT_EQ(out_, "12:00:01.123 10.0.0.7 leaves 239.1.2.4 (v2)\n");
  EXPECT_EQ(err_, "1 message shown; 1 other frame\n");
}

TEST_F(Show, BothFamilies) {
  show({}, {leave(kGroup), done(kGroup6), not_mld()});
  EXPECT_EQ(out_,
            "12:00:00.123 10.0.0.7 leaves 239.1.2.3 (v2)\n"
            "12:00:01.123 fe80::7 leaves ff15::1:2:3 (MLDv1 done)\n");
  EXPECT_EQ(err_, "2 messages shown; 1 other frame\n");
  show({.groups = {kGroup6}}, {leave(kGroup), done(kGroup6), done(kOther6)});
  EXPECT_EQ(out_, "12:00:01.123 fe80::7 leaves ff15::1:2:3 (MLDv1 done)\n");
}

TEST_F(Show, EndsAfterTheCount) {
  show({.count = 2}, {leave(kGroup), not_igmp(), leave(kOther), leave(kGroup)});
  EXPECT_EQ(code_, kDone);
  EXPECT_EQ(shown_, 3U);
}

TEST_F(Show, WhatIsShownIsWritten) {
  auto writer = net::CaptureWriter::open(path_, {.link_type = 228});
  ASSERT_TRUE(writer);
  show({.silent = true, .groups = {kOther}}, {leave(kGroup), leave(kOther)}, std::move(*writer));
  EXPECT_EQ(out_, "");
  auto reader = net::CaptureReader::open(path_);
  ASSERT_TRUE(reader);
  const auto frame = reader->next();
  ASSERT_TRUE(frame && *frame);
  EXPECT_EQ((*frame)->time, kNoon + 1'123'456'789ns);
  EXPECT_EQ(Bytes((*frame)->bytes.begin(), (*frame)->bytes.end()), leave(kOther));
  const auto end = reader->next();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

TEST(ClockText, IsLocal) {
  ::setenv("TZ", "UTC-2", 1);  // two hours east of Greenwich
  ::tzset();
  EXPECT_EQ(clock_text(kNoon + 7ms), "14:00:00.007");
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  EXPECT_EQ(clock_text(kNoon + 999'999'999ns), "12:00:00.999");
}

}  // namespace
}  // namespace querent::cli
