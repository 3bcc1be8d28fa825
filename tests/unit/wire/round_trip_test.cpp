#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "vectors.hpp"
#include "wire/float_code.hpp"
#include "wire/igmp.hpp"

namespace querent::wire {
namespace {

using namespace std::chrono_literals;

rc::Gen<Address> any_address() {
  return rc::gen::map(rc::gen::arbitrary<std::uint32_t>(),
                      [](std::uint32_t bits) { return Address::v4(bits); });
}
rc::Gen<Address> any_group() {
  return rc::gen::map(rc::gen::arbitrary<std::uint32_t>(), [](std::uint32_t bits) {
    return Address::v4(0xE0000000U | (bits & 0x0FFFFFFFU));
  });
}
rc::Gen<std::vector<Address>> any_sources() {
  return rc::gen::container<std::vector<Address>>(any_address());
}
// A time that a v3 code can say, in these units.
rc::Gen<Duration> any_float(Duration unit) {
  return rc::gen::map(rc::gen::arbitrary<std::uint8_t>(),
                      [unit](std::uint8_t code) { return float_value(code) * unit; });
}

Packet enveloped(Message message) {
  return {.source = *any_address(),
          .destination = *any_address(),
          .hop_limit = *rc::gen::arbitrary<std::uint8_t>(),
          .router_alert = *rc::gen::arbitrary<bool>(),
          .message = std::move(message)};
}

void comes_back(const Packet& packet) {
  const auto read = decode_igmp(encode_igmp(packet));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == packet);
}

RC_GTEST_PROP(RoundTrip, QueryV1, ()) {
  comes_back(
      enveloped(Query{.version = Version::k1, .group = Address::v4(0), .max_response = 10s}));
}

RC_GTEST_PROP(RoundTrip, QueryV2, ()) {
  comes_back(enveloped(Query{.version = Version::k2,
                             .group = *rc::gen::oneOf(any_group(), rc::gen::just(Address::v4(0))),
                             .max_response = *rc::gen::inRange(1, 256) * 100ms}));
}

RC_GTEST_PROP(RoundTrip, QueryV3, ()) {
  comes_back(enveloped(Query{.version = Version::k3,
                             .group = *rc::gen::oneOf(any_group(), rc::gen::just(Address::v4(0))),
                             .max_response = *any_float(100ms),
                             .suppress = *rc::gen::arbitrary<bool>(),
                             .robustness = *rc::gen::inRange<std::uint8_t>(0, 8),
                             .query_interval = *any_float(1s),
                             .sources = *any_sources()}));
}

RC_GTEST_PROP(RoundTrip, ReportsV1AndV2, ()) {
  comes_back(
      enveloped(Report{.version = *rc::gen::element(Version::k1, Version::k2),
                       .records = {{.type = RecordType::kIsExclude, .group = *any_group()}}}));
}

RC_GTEST_PROP(RoundTrip, ReportV3, ()) {
  const auto any_record = rc::gen::exec([] {
    return Record{.type = static_cast<RecordType>(*rc::gen::inRange(1, 7)),
                  .group = *any_group(),
                  .sources = *any_sources()};
  });
  comes_back(enveloped(Report{.version = Version::k3,
                              .records = *rc::gen::container<std::vector<Record>>(any_record)}));
}

RC_GTEST_PROP(RoundTrip, LeaveV2, ()) {
  comes_back(enveloped(Leave{*any_group()}));
}

// Times that no code says are sent as the next lower one: never longer than meant.
RC_GTEST_PROP(RoundTrip, TimesAreRoundedDown, ()) {
  const Duration response{
      *rc::gen::inRange<Duration::rep>(Duration{100ms}.count(), 1'000'000'000'000)};
  const Duration interval{*rc::gen::inRange<Duration::rep>(0, 40'000'000'000'000)};
  const auto read = decode_igmp(encode_igmp(enveloped(Query{.version = Version::k3,
                                                            .group = Address::v4(0),
                                                            .max_response = response,
                                                            .query_interval = interval})));
  const auto& query = std::get<Query>(read.value().message);
  RC_ASSERT(query.max_response <= response);
  RC_ASSERT(query.query_interval <= interval);
  // 4 bits of mantissa: at worst 1/17 and a unit short, up to the highest code.
  RC_ASSERT(query.max_response >= response * 16 / 17 - 100ms);
  RC_ASSERT(query.query_interval >= std::min<Duration>(interval, 31744s) * 16 / 17 - 1s);
}

// Whatever a value holds, octets come out that are a packet, and mean the same when sent again.
RC_GTEST_PROP(RoundTrip, EveryValueHasOctets, ()) {
  const auto any_version = rc::gen::element(Version::k1, Version::k2, Version::k3);
  const auto any_time = rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                                     [](std::int64_t count) { return Duration{count}; });
  const auto wild_address = rc::gen::map(
      rc::gen::pair(rc::gen::arbitrary<std::uint64_t>(), rc::gen::arbitrary<std::uint64_t>()),
      [](auto pair) { return Address::v6(pair.first, pair.second); });
  const auto some_address = rc::gen::oneOf(any_address(), any_group(), wild_address);
  const auto some_sources = rc::gen::container<std::vector<Address>>(some_address);
  const auto any_record = rc::gen::exec([&] {
    return Record{.type = static_cast<RecordType>(*rc::gen::arbitrary<std::uint8_t>()),
                  .group = *some_address,
                  .sources = *some_sources};
  });
  Packet packet = enveloped(Leave{*some_address});
  packet.source = *some_address;
  packet.destination = *some_address;
  const int kind = *rc::gen::inRange(0, 3);
  if (kind == 0) {
    packet.message = Query{.version = *any_version,
                           .group = *some_address,
                           .max_response = *any_time,
                           .suppress = *rc::gen::arbitrary<bool>(),
                           .robustness = *rc::gen::arbitrary<std::uint8_t>(),
                           .query_interval = *any_time,
                           .sources = *some_sources};
  } else if (kind == 1) {
    packet.message = Report{.version = *any_version,
                            .records = *rc::gen::container<std::vector<Record>>(any_record)};
  }
  const Bytes octets = encode_igmp(packet);
  RC_ASSERT(octets.size() >= 28U);
  const auto read = decode_igmp(octets);
  if (!read) {
    RC_ASSERT(read.error() == DropReason::kGroupNotMulticast);
    return;
  }
  const auto* report = std::get_if<Report>(&read->message);
  if (report == nullptr || report->skipped_records == 0) RC_ASSERT(encode_igmp(*read) == octets);
}

// Any octets are a value or a reason; a value that is sent is read as the same value.
RC_GTEST_PROP(RoundTrip, AnyOctets, (const Bytes& octets)) {
  RC_ASSERT(!decode_igmp(octets).has_value() || octets.size() >= 28U);
  auto packet = decode_igmp(test::around(octets));
  if (!packet) return;
  if (auto* report = std::get_if<Report>(&packet->message)) report->skipped_records = 0;
  comes_back(*packet);
}

RC_GTEST_PROP(RoundTrip, VectorsWithAFewOctetsChanged, ()) {
  Bytes octets = (*rc::gen::elementOf(test::vectors())).packet;
  const auto changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, octets.size());
    octets[at] = *rc::gen::arbitrary<std::uint8_t>();
  }
  auto packet = decode_igmp(test::sealed(octets));
  RC_CLASSIFY(packet.has_value(), "accepted");
  if (!packet) return;
  if (auto* report = std::get_if<Report>(&packet->message)) report->skipped_records = 0;
  comes_back(*packet);
}

}  // namespace
}  // namespace querent::wire
