#include "app/segment_recorder.hpp"

#include <cerrno>
#include <chrono>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::app {
namespace {

using namespace std::chrono_literals;
using core::Action;
using core::Role;
using observe::State;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Instant at(Duration time) {
  return Instant{} + 1000h + time;
}

Query query(Duration max_response = 10s) {
  return {.max_response = max_response};
}

std::vector<Action> heard(const Query& query) {
  return {core::QueryHeard{.source = {}, .mac = {}, .query = query}};
}

TEST(SegmentRecorder, IsEmptyAtFirst) {
  const auto record = SegmentRecorder(at(0s)).view(at(1s));
  EXPECT_EQ(record.state, State::kMissing);
  EXPECT_EQ(record.state_since, at(0s));
  EXPECT_EQ(record.last_query, kLongAgo);
  EXPECT_FALSE(record.unsent.has_value());
  EXPECT_THAT(record.malformed, IsEmpty());
  EXPECT_THAT(record.send_errors, IsEmpty());
  EXPECT_THAT(record.history, ElementsAre(observe::Slot{}));
  for (const Instant seen :
       {record.last_seen.conflict, record.last_seen.loop, record.last_seen.malformed,
        record.last_seen.forged, record.last_seen.dropped, record.last_seen.refused})
    EXPECT_EQ(seen, kLongAgo);
}

TEST(SegmentRecorder, OnlyAChangeOfStateIsOne) {
  SegmentRecorder link(at(0s));
  link.became(State::kQuerier, at(10s));
  link.became(State::kQuerier, at(20s));
  EXPECT_EQ(link.view(at(60s)).state, State::kQuerier);
  EXPECT_EQ(link.view(at(60s)).state_since, at(10s));
  EXPECT_EQ(link.view(at(60s)).history.front().state, State::kQuerier);
}

TEST(SegmentRecorder, TheLastQueryIsAnybodys) {
  SegmentRecorder link(at(0s));
  link.sent(query(), at(10s));
  EXPECT_EQ(link.view(at(12s)).last_query, at(10s));
  link.done(heard(query()), at(11s));
  link.done(heard({.group = Address::v4(239, 1, 2, 3)}), at(12s));
  const auto record = link.view(at(12s));
  EXPECT_EQ(record.last_query, at(11s));
  EXPECT_THAT(record.history, ElementsAre(observe::Slot{.sent = 1, .heard = 1}));
}

TEST(SegmentRecorder, AReportAnswersAQueryWhileItMay) {
  SegmentRecorder link(at(0s));
  link.reported(at(1s));
  EXPECT_EQ(link.view(at(1s)).report_delay.sum(), 0s) << "nobody asked";
  link.sent(query(2s), at(10s));
  link.reported(at(11s));
  link.reported(at(12s));
  link.reported(at(12s) + 1ns);
  EXPECT_EQ(link.view(at(13s)).report_delay.sum(), 3s);
  link.sent(query(2s), at(15s) + 50us);
  link.reported(at(15s));
  EXPECT_EQ(link.view(at(15s)).report_delay.sum(), 3s) << "a frame of the turn that sent";
  link.done(heard(query(1s)), at(20s));
  link.reported(at(20s) + 500ms);
  EXPECT_EQ(link.view(at(21s)).report_delay.sum(), 3500ms);
}

TEST(SegmentRecorder, LatenessIsCounted) {
  SegmentRecorder link(at(0s));
  link.late(50us);
  link.late(2s);
  const auto lateness = link.view(at(1s)).query_lateness;
  EXPECT_EQ(lateness.sum(), 2s + 50us);
  EXPECT_EQ(lateness.counts()[0], 1U);
}

TEST(SegmentRecorder, NotesWhatASegmentTells) {
  SegmentRecorder link(at(0s));
  link.done(std::vector<Action>{core::AddressConflict{}, core::GroupChanged{}}, at(1s));
  link.done(std::vector<Action>{core::LoopDetected{}}, at(2s));
  link.done(std::vector<Action>{core::QueryRejected{}, core::QueryRejected{}}, at(3s));
  link.done(std::vector<Action>{core::ReportRejected{}}, at(4s));
  link.done(std::vector<Action>{core::Refused{}}, at(5s));
  const auto record = link.view(at(6s));
  EXPECT_EQ(record.last_seen.conflict, at(1s));
  EXPECT_EQ(record.last_seen.refused, at(5s));
  EXPECT_EQ(record.last_seen.loop, at(2s));
  EXPECT_EQ(record.last_seen.forged, at(3s)) << "queries, not reports";
  EXPECT_THAT(record.history, ElementsAre(observe::Slot{.failures = 2}));
}

TEST(SegmentRecorder, AnElectionIsWonOrLostAgainstSomebody) {
  const auto elections = [](Role from, Role to) {
    SegmentRecorder link(at(0s));
    link.done(std::vector<Action>{core::RoleChanged{.from = from, .to = to}}, at(1s));
    return link.view(at(1s)).history.back().elections;
  };
  EXPECT_EQ(elections(Role::kQuerier, Role::kNonQuerier), 1U);
  EXPECT_EQ(elections(Role::kNonQuerier, Role::kQuerier), 1U);
  EXPECT_EQ(elections(Role::kDown, Role::kQuerier), 0U);
  EXPECT_EQ(elections(Role::kQuerier, Role::kDown), 0U);
  EXPECT_EQ(elections(Role::kNoAddress, Role::kQuerier), 0U);
  EXPECT_EQ(elections(Role::kPassive, Role::kNonQuerier), 0U);
}

TEST(SegmentRecorder, CountsMalformedPacketsByReason) {
  SegmentRecorder link(at(0s));
  link.malformed(wire::DropReason::kMessageChecksum, at(1s));
  link.malformed(wire::DropReason::kIpChecksum, at(2s));
  link.malformed(wire::DropReason::kMessageChecksum, at(3s));
  const auto record = link.view(at(4s));
  EXPECT_THAT(record.malformed, ElementsAre(Pair("ip_checksum", 1), Pair("message_checksum", 2)));
  EXPECT_EQ(record.last_seen.malformed, at(3s));
  EXPECT_EQ(record.history.back().failures, 3U);
}

TEST(SegmentRecorder, CountsSendErrorsByName) {
  SegmentRecorder link(at(0s));
  for (const int number : {ENETUNREACH, ENOBUFS, ENETUNREACH, 4711, 4712})
    link.send_failed({"send on eth0", number}, at(1s));
  const auto record = link.view(at(2s));
  EXPECT_THAT(
      record.send_errors,
      testing::UnorderedElementsAre(Pair("ENETUNREACH", 2), Pair("ENOBUFS", 1), Pair("unnamed", 2)))
      << "each name once: it is a label";
  EXPECT_EQ(record.history.back().failures, 5U);
}

TEST(SegmentRecorder, CountsWhatComesAndGoes) {
  SegmentRecorder link(at(0s));
  link.sockets_failed(at(1s));
  link.recovered();
  link.dropped(7, at(2s));
  link.dropped(3, at(3s));
  link.link_changed();
  link.link_changed();
  const auto record = link.view(at(4s));
  EXPECT_EQ(record.socket_recoveries, 1U);
  EXPECT_EQ(record.frames_dropped, 10U);
  EXPECT_EQ(record.last_seen.dropped, at(3s));
  EXPECT_EQ(record.link_changes, 2U);
  EXPECT_EQ(record.history.back().failures, 1U);
}

TEST(LastingName, IsTheSymbol) {
  EXPECT_EQ(lasting_name(ENOBUFS), "ENOBUFS");
  EXPECT_EQ(lasting_name(4711), "unnamed");
  EXPECT_EQ(lasting_name(-1), "unnamed");
}

}  // namespace
}  // namespace querent::app
