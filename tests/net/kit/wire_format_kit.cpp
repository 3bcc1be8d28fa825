#include "wire_format_kit.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fmt/core.h>
#include <variant>

#include "core/family_rules.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

namespace querent::test {

namespace {

using lab::Lan;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::ResultOf;

constexpr const char* kGood = "1";
constexpr int kEthernetHeader = 14;
constexpr int kMtu = 1500;

Family family_of(const JudgedQuery& query) {
  return Address::parse(query.destination).value().family();
}

// RFC 2236 2, 9776 4.1; 2710 3, 9777 5.1.
int message_length(const JudgedQuery& query) {
  if (family_of(query) == Family::kIPv4) return query.version == "3" ? 12 + 4 * query.sources : 8;
  return query.version == "2" ? 28 + 16 * query.sources : 24;
}

// The length that its version has; the frame as long as its packet.
bool has_its_length(const JudgedQuery& query) {
  return query.message_length() == message_length(query) &&
         query.frame_length == kEthernetHeader + query.length && query.length <= kMtu;
}

bool is_in_its_place(const JudgedQuery& query) {
  const auto to = Address::parse(query.destination).value();
  const auto all_systems = core::family_rules(to.family()).all_systems.to_string();
  return query.destination == (query.is_general() ? all_systems : query.group) &&
         query.mac == wire::multicast_mac(to).to_string();
}

// What an IPv4 header has, and IPv6's does not.
auto has_ipv4_values() {
  return AllOf(Field("traffic_class", &JudgedQuery::traffic_class, "0xc0"),
               Field("dont_fragment", &JudgedQuery::dont_fragment, "1"),
               Field("ip_checksum", &JudgedQuery::ip_checksum, kGood),
               Field("header_length", &JudgedQuery::header_length, 24));
}

auto has_ipv6_values() {
  return AllOf(Field("traffic_class", &JudgedQuery::traffic_class, "0x00000000"),
               Field("header_length", &JudgedQuery::header_length, 48));
}

template <class Wanted>
std::ptrdiff_t count(const std::vector<JudgedQuery>& queries, Wanted wanted) {
  return std::ranges::count_if(queries, wanted);
}

void tell(const std::vector<JudgedQuery>& queries) {
  fmt::print("tshark: {} general, {} of a group, {} of sources (at most {})\n", general(queries),
             about_groups(queries), about_sources(queries), most_sources(queries));
}

bool reports(const HeardFrame& sighting, Address group) {
  const auto* said = sighting.packet ? std::get_if<Report>(&sighting.packet->message) : nullptr;
  return said != nullptr && std::ranges::any_of(said->records, [group](const auto& record) {
           return record.group == group;
         });
}

Address nth_address(Address first, std::size_t number) {
  return first.is_v4() ? Address::v4(first.v4_bits() + static_cast<std::uint32_t>(number))
                       : Address::v6(first.high64(), first.low64() + number);
}

}  // namespace

testing::Matcher<const JudgedQuery&> is_sound(const std::string& source,
                                              const std::string& version) {
  const auto common =
      AllOf(Field("source", &JudgedQuery::source, source),
            Field("version", &JudgedQuery::version, version),
            Field("hop_limit", &JudgedQuery::hop_limit, "1"),
            Field("router_alert", &JudgedQuery::router_alert, "0"),
            Field("checksum", &JudgedQuery::checksum, kGood),
            Field("expert", &JudgedQuery::expert, ""), Field("stray", &JudgedQuery::stray, ""),
            ResultOf("its length is right", has_its_length, true),
            ResultOf("its place is right", is_in_its_place, true));
  if (Address::parse(source).value().is_v4()) return AllOf(common, has_ipv4_values());
  return AllOf(common, has_ipv6_values());
}

std::ptrdiff_t general(const std::vector<JudgedQuery>& queries) {
  return count(queries, [](const JudgedQuery& query) { return query.is_general(); });
}

std::ptrdiff_t about_groups(const std::vector<JudgedQuery>& queries) {
  return count(queries, [](const JudgedQuery& query) { return query.is_about_group(); });
}

std::ptrdiff_t about_sources(const std::vector<JudgedQuery>& queries) {
  return count(queries, [](const JudgedQuery& query) { return query.is_about_sources(); });
}

int most_sources(const std::vector<JudgedQuery>& queries) {
  int most = 0;
  for (const auto& query : queries)
    most = std::max(most, query.sources);
  return most;
}

WireFormat::WireFormat(Family family)
    : family_(family),
      lan_(make_lan({.hosts = {2}, .switches = {.filters_ipv6 = family == Family::kIPv6}})),
      ear_(lan_.host(kMember), Lan::kInterface, family),
      router_ear_(lan_.host(kQuerent), Lan::kInterface, family),
      capture_(lan_.host(kMember), family) {}

void WireFormat::SetUp() {
  for (const char* tool : {"dumpcap", "tshark"}) {
    if (is_installed(tool)) continue;
    if (std::getenv("CI") != nullptr) FAIL() << tool << " is missing";
    GTEST_SKIP() << tool << " is missing: nobody else judges what is sent";
  }
}

std::size_t WireFormat::await_general_query(std::size_t from) {
  const auto is_general = [](const HeardFrame& one) { return one.general_query() != nullptr; };
  EXPECT_TRUE(ear_.await(is_general, kPatience, from));
  return ear_.heard();
}

void WireFormat::await_query(Address group, std::size_t times, bool of_sources) {
  std::size_t seen = 0;
  const auto is_it = [&](const HeardFrame& one) {
    const auto* query = one.query();
    return query != nullptr && query->group == group && query->sources.empty() != of_sources &&
           ++seen == times;
  };
  EXPECT_TRUE(ear_.await(is_it, kPatience)) << group.to_string();
}

void WireFormat::join_and_leave(Address group, const std::string& channel) {
  const auto from = router_ear_.heard();
  auto joining =
      start(lan_.host(kMember), {program(), "join", "-v", "-i", Lan::kInterface, channel});
  EXPECT_TRUE(joining.wait_for_errors("joined", kPatience)) << joining.errors();
  const auto is_report = [group](const HeardFrame& one) { return reports(one, group); };
  EXPECT_TRUE(router_ear_.await(is_report, kPatience, from)) << group.to_string();
  joining.kill(SIGTERM);
  finish(joining);
}

void WireFormat::report(const Record& record) {
  const Address routers =
      family_ == Family::kIPv4 ? Address::v4(224, 0, 0, 22) : Address::v6(0xFF02000000000000, 0x16);
  Mouth(lan_.host(kMember), Lan::kInterface, family_)
      .say(wire::encode({.source = address_of(kMember),
                         .destination = routers,
                         .message = Report{.version = Version::k3, .records = {record}}}),
           routers);
}

void WireFormat::drop_sources(Address group, Address first, std::size_t count) {
  const std::size_t at_once = family_ == Family::kIPv4 ? 340 : 80;  // what one report holds
  for (const auto type : {RecordType::kAllow, RecordType::kBlock}) {
    for (std::size_t done = 0; done < count; done += at_once) {
      Record record{.type = type, .group = group};
      for (std::size_t at = done; at < std::min(count, done + at_once); ++at)
        record.sources.push_back(nth_address(first, at));
      report(record);
    }
  }
}

// What was sent before these three has reached dumpcap, too.
std::vector<JudgedQuery> WireFormat::judge() {
  std::size_t from = ear_.heard();
  for (int i = 0; i < 3; ++i)
    from = await_general_query(from);
  capture_.end();
  const MacAddress mac = Lan::mac_of(kQuerent);
  auto queries =
      family_ == Family::kIPv4 ? igmp_queries(capture_, mac) : mld_queries(capture_, mac);
  tell(queries);
  return queries;
}

Mouth WireFormat::forger() {
  good(lan_.switch_at(1).space().links().change_bridge(lab::CheapSwitch::kBridge,
                                                       {.snooping = false}));
  return Mouth(lan_.host(kQuerent), Lan::kInterface, family_);
}

}  // namespace querent::test
