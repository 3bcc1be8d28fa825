#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "vectors.hpp"
#include "wire/codec.hpp"
#include "wire/float_code.hpp"

namespace querent::wire {
namespace {

using namespace std::chrono_literals;

// Each property is one of both families: which, it draws first.
rc::Gen<Family> any_family() {
  return rc::gen::element(Family::kIPv4, Family::kIPv6);
}

rc::Gen<Address> wild_address() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::arbitrary<std::uint64_t>(), rc::gen::arbitrary<std::uint64_t>()),
      [](auto pair) { return Address::v6(pair.first, pair.second); });
}
rc::Gen<Address> any_address(Family family) {
  if (family == Family::kIPv4) {
    return rc::gen::map(rc::gen::arbitrary<std::uint32_t>(),
                        [](std::uint32_t bits) { return Address::v4(bits); });
  }
  return rc::gen::suchThat(wild_address(), [](Address address) { return !address.is_v4(); });
}
rc::Gen<Address> any_group(Family family) {
  return rc::gen::map(wild_address(), [family](Address address) {
    if (family == Family::kIPv6) {
      return Address::v6(address.high64() | (std::uint64_t{0xFF} << 56U), address.low64());
    }
    return Address::v4(0xE0000000U | (address.v4_bits() & 0x0FFFFFFFU));
  });
}
rc::Gen<Address> any_or_no_group(Family family) {
  return rc::gen::oneOf(any_group(family), rc::gen::just(Address::unspecified(family)));
}
rc::Gen<std::vector<Address>> any_sources(Family family) {
  return rc::gen::container<std::vector<Address>>(any_address(family));
}
// A time that a v3 code of this size can say, in these units.
template <class Code>
rc::Gen<Duration> any_float(Duration unit) {
  return rc::gen::map(rc::gen::arbitrary<Code>(),
                      [unit](Code code) { return float_value(code) * unit; });
}

Packet enveloped(Family family, Message message) {
  return {.source = *any_address(family),
          .destination = *any_address(family),
          .hop_limit = *rc::gen::arbitrary<std::uint8_t>(),
          .router_alert = *rc::gen::arbitrary<bool>(),
          .message = std::move(message)};
}

void comes_back(const Packet& packet) {
  const auto read = decode(packet.destination.family(), encode(packet));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == packet);
}

RC_GTEST_PROP(RoundTrip, QueryV1, ()) {
  comes_back(enveloped(
      Family::kIPv4, Query{.version = Version::k1, .group = Address::v4(0), .max_response = 10s}));
}

RC_GTEST_PROP(RoundTrip, QueryV2, ()) {
  const Family family = *any_family();
  const Duration response = family == Family::kIPv4 ? *rc::gen::inRange(1, 256) * 100ms
                                                    : *rc::gen::inRange(0, 65536) * 1ms;
  comes_back(enveloped(
      family,
      Query{.version = Version::k2, .group = *any_or_no_group(family), .max_response = response}));
}

RC_GTEST_PROP(RoundTrip, QueryV3, ()) {
  const Family family = *any_family();
  const auto any_response =
      family == Family::kIPv4 ? any_float<std::uint8_t>(100ms) : any_float<std::uint16_t>(1ms);
  comes_back(enveloped(family, Query{.version = Version::k3,
                                     .group = *any_or_no_group(family),
                                     .max_response = *any_response,
                                     .suppress = *rc::gen::arbitrary<bool>(),
                                     .robustness = *rc::gen::inRange<std::uint8_t>(0, 8),
                                     .query_interval = *any_float<std::uint8_t>(1s),
                                     .sources = *any_sources(family)}));
}

RC_GTEST_PROP(RoundTrip, OlderReports, ()) {
  const Family family = *any_family();
  const auto version =
      family == Family::kIPv4 ? *rc::gen::element(Version::k1, Version::k2) : Version::k2;
  comes_back(enveloped(
      family, Report{.version = version,
                     .records = {{.type = RecordType::kIsExclude, .group = *any_group(family)}}}));
}

RC_GTEST_PROP(RoundTrip, ReportV3, ()) {
  const Family family = *any_family();
  const auto any_record = rc::gen::exec([family] {
    return Record{.type = static_cast<RecordType>(*rc::gen::inRange(1, 7)),
                  .group = *any_group(family),
                  .sources = *any_sources(family)};
  });
  // 30 of 100 sources each have room in a packet.
  const auto count = *rc::gen::inRange<std::size_t>(0, 31);
  const auto records = *rc::gen::container<std::vector<Record>>(count, any_record);
  comes_back(enveloped(family, Report{.version = Version::k3, .records = records}));
}

RC_GTEST_PROP(RoundTrip, LeaveV2, ()) {
  const Family family = *any_family();
  comes_back(enveloped(family, Leave{*any_group(family)}));
}

// Times that no code says are sent as the next lower one: never longer than meant.
RC_GTEST_PROP(RoundTrip, TimesAreRoundedDown, ()) {
  const Family family = *any_family();
  const Duration response{
      *rc::gen::inRange<Duration::rep>(Duration{100ms}.count(), 1'000'000'000'000)};
  const Duration interval{*rc::gen::inRange<Duration::rep>(0, 40'000'000'000'000)};
  const auto read = decode(family, encode(enveloped(family, Query{.version = Version::k3,
                                                                  .group = *any_group(family),
                                                                  .max_response = response,
                                                                  .query_interval = interval})));
  const auto& query = std::get<Query>(read.value().message);
  RC_ASSERT(query.max_response <= response);
  RC_ASSERT(query.query_interval <= interval);
  // 4 bits of mantissa: at worst 1/17 and a unit short, up to the highest code. MLDv2's 12 bits:
  // 1/4097.
  const bool ipv4 = family == Family::kIPv4;
  RC_ASSERT(query.max_response >=
            (ipv4 ? response * 16 / 17 - 100ms : response * 4096 / 4097 - 1ms));
  RC_ASSERT(query.query_interval >= std::min<Duration>(interval, 31744s) * 16 / 17 - 1s);
}

// Whatever a value holds, octets come out that are a packet, and mean the same when sent again.
RC_GTEST_PROP(RoundTrip, EveryValueHasOctets, ()) {
  const auto any_version = rc::gen::element(Version::k1, Version::k2, Version::k3);
  const auto any_time = rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                                     [](std::int64_t count) { return Duration{count}; });
  const auto some_address =
      rc::gen::oneOf(any_address(Family::kIPv4), any_group(Family::kIPv4), wild_address(),
                     any_group(Family::kIPv6), rc::gen::just(Address{}));
  const auto some_sources = rc::gen::container<std::vector<Address>>(some_address);
  const auto any_record = rc::gen::exec([&] {
    return Record{.type = static_cast<RecordType>(*rc::gen::arbitrary<std::uint8_t>()),
                  .group = *some_address,
                  .sources = *some_sources};
  });
  Packet packet = enveloped(Family::kIPv6, Leave{*some_address});
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
  const Bytes octets = encode(packet);
  RC_ASSERT(octets.size() >= 28U);
  const auto read = decode(packet.destination.family(), octets);
  RC_CLASSIFY(read.has_value(), "accepted");
  if (!read) {
    RC_ASSERT(read.error() == DropReason::kGroupNotMulticast ||
              (read.error() == DropReason::kIpMapped && packet.source.is_v4()));
    return;
  }
  const auto* report = std::get_if<Report>(&read->message);
  if (report == nullptr || report->skipped_records == 0) RC_ASSERT(encode(*read) == octets);
}

// Any octets are a value or a reason; a value that is sent is read as the same value.
RC_GTEST_PROP(RoundTrip, AnyOctets, (const Bytes& octets)) {
  const Family family = *any_family();
  const bool ipv4 = family == Family::kIPv4;
  RC_ASSERT(!decode(family, octets).has_value() || octets.size() >= 28U);
  auto packet = decode(family, ipv4 ? test::around(octets) : test::around_mld(octets));
  if (!packet) return;
  if (auto* report = std::get_if<Report>(&packet->message)) report->skipped_records = 0;
  comes_back(*packet);
}

RC_GTEST_PROP(RoundTrip, VectorsWithAFewOctetsChanged, ()) {
  const bool ipv4 = *any_family() == Family::kIPv4;
  Bytes octets = (*rc::gen::elementOf(ipv4 ? test::vectors() : test::mld_vectors())).packet;
  const auto changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, octets.size());
    octets[at] = *rc::gen::arbitrary<std::uint8_t>();
  }
  auto packet = ipv4 ? decode(Family::kIPv4, test::sealed(octets))
                     : decode(Family::kIPv6, test::sealed_mld(octets));
  RC_CLASSIFY(packet.has_value(), "accepted");
  if (!packet) return;
  if (auto* report = std::get_if<Report>(&packet->message)) report->skipped_records = 0;
  comes_back(*packet);
}

}  // namespace
}  // namespace querent::wire
