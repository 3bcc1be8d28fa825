#include "script.hpp"

#include <algorithm>
#include <utility>

#include "pools.hpp"
#include "wire/checksum.hpp"
#include "wire/codec.hpp"
#include "wire/ipv4.hpp"
#include "wire/ipv6.hpp"

namespace querent::fuzz {

namespace {

using namespace std::chrono_literals;

// A message in its IP header, with the checksum that it should have.
Bytes packed(ByteView message, std::size_t header_size, std::uint16_t checksum_before) {
  Bytes packet(header_size, 0);
  packet.insert(packet.end(), message.begin(), message.end());
  if (message.size() < 4) return packet;
  store16(packet, header_size + 2, 0);
  const ByteView body = ByteView(packet).subspan(header_size);
  store16(packet, header_size + 2, wire::checksum(body, checksum_before));
  return packet;
}

Bytes packet_of(const wire::Ipv4Header& header, ByteView message) {
  Bytes packet = packed(message, wire::ipv4_header_size(header.router_alert), 0xFFFF);
  wire::write_ipv4_header(header, packet);
  return packet;
}

Bytes packet_of(const wire::Ipv6Header& header, ByteView message) {
  Bytes packet = packed(message, wire::ipv6_header_size(header.router_alert),
                        wire::pseudo_header_checksum(header, message.size()));
  wire::write_ipv6_header(header, packet);
  return packet;
}

}  // namespace

Script::Script(ByteView bytes)
    : bytes_(bytes), family_(bytes_.coin() ? Family::kIPv6 : Family::kIPv4) {}

Script::Turn Script::turn() {
  switch (bytes_.below(8)) {
    case 0:
      return Turn::kDeadline;
    case 1:
      return Turn::kRun;
    case 2:
      return Turn::kJump;
    case 3:
      return Turn::kRepeat;
    default:
      return Turn::kEvent;
  }
}

Duration Script::pause() {
  return bytes_.one_of(kPauses);
}

// Mostly few, because many are slow; sometimes enough for a storm.
std::size_t Script::repeats() {
  const std::size_t choice = bytes_.byte();
  return choice < 240 ? 1 + choice % 8 : 64;
}

core::Settings Script::settings() {
  last_settings_ = any_settings();
  return last_settings_;
}

// One thing is changed, so that a state that depends on the others is still there.
core::Settings Script::changed_settings() {
  core::Settings& settings = last_settings_;
  switch (bytes_.below(8)) {
    case 0:
      settings.passive = !settings.passive;
      break;
    case 1:
      settings.version = version();
      break;
    case 2:
      settings.query_interval = bytes_.one_of(kIntervals);
      settings.startup_interval.reset();
      settings.max_response.reset();
      break;
    case 3:
      settings.robustness = 1 + static_cast<int>(bytes_.below(7));
      break;
    case 4:
      settings.bounds = bounds();
      break;
    case 5:
      settings.source = own_address();
      break;
    case 6:
      settings.source.reset();
      break;
    default:
      settings.follow_older_version = !settings.follow_older_version;
  }
  return settings;
}

core::Settings Script::any_settings() {
  core::Settings settings{.version = version()};
  settings.query_interval = bytes_.one_of(kIntervals);
  const Duration timeout = bytes_.one_of(kTimeouts);
  if (timeout > 0s) settings.timeout = timeout;
  const Duration quarter = std::max<Duration>(settings.query_interval / 4, 1ms);
  const unsigned choices = bytes_.byte();
  if ((choices & 1U) != 0) settings.startup_interval = settings.query_interval;
  if ((choices & 2U) != 0) settings.max_response = std::clamp<Duration>(quarter, 100ms, 25500ms);
  settings.passive = (choices & 4U) != 0;
  settings.accept_off_subnet = (choices & 8U) != 0;
  settings.require_router_alert = (choices & 16U) != 0;
  settings.follow_older_version = (choices & 32U) != 0;
  if ((choices & 64U) != 0) settings.source = own_address();
  // Proxy queries, which MLD does not have.
  if ((choices & 128U) != 0 && family_ == Family::kIPv4) settings.source = Address::v4(0);
  settings.robustness = 1 + static_cast<int>(bytes_.below(7));
  settings.startup_count = 1 + static_cast<int>(bytes_.below(4));
  settings.jitter = bytes_.one_of(kJitters);
  settings.last_member_interval = bytes_.one_of(kMemberIntervals);
  settings.bounds = bounds();
  return settings;
}

core::Bounds Script::bounds() {
  const unsigned choices = bytes_.byte();
  return {.groups = 1 + (choices & 3U) * 2,
          .sources = 2 + ((choices >> 2U) & 3U) * 5,
          .hosts = 1 + ((choices >> 4U) & 3U) * 3,
          .sources_per_group = (choices & 64U) != 0 ? 8U : 2U,
          .hosts_per_group = (choices & 128U) != 0 ? 4U : 2U};
}

core::LocalInterface Script::link() {
  core::LocalInterface link{.mac = kOurMac};
  const unsigned which = bytes_.byte();
  const unsigned length =
      family_ == Family::kIPv4 ? kPrefixes[(which >> 4U) % kPrefixes.size()] : 64;
  for (unsigned i = 0; i < kOwn4.size(); ++i) {
    if ((which & (1U << i)) == 0) continue;
    link.addresses.emplace_back(family_ == Family::kIPv4 ? kOwn4[i] : kOwn6[i], length);
  }
  link.max_query_sources = (which & 128U) != 0 ? 1 : (which & 64U) != 0 ? 3 : 366;
  return link;
}

core::Event Script::event() {
  switch (bytes_.below(16)) {
    case 0:
      return core::Tick{};
    case 1:
      return core::LinkDown{};
    case 2:
      return core::LinkUp{link()};
    case 3:
      return core::LinkChanged{link()};
    case 4:
      return core::Reconfigured{settings()};
    case 5: {
      auto read = raw();
      if (read) return *std::move(read);
      return core::Tick{};
    }
    case 6:
      return core::Reconfigured{changed_settings()};
    default:
      return received();
  }
}

// Octets as they come, in a packet whose checksums are right.
std::optional<core::Received> Script::raw() {
  const Address source = peer();
  const Address destination = group();
  const ByteView message = bytes_.take(bytes_.byte());
  const Bytes packet =
      family_ == Family::kIPv4
          ? packet_of(wire::Ipv4Header{.source = source, .destination = destination}, message)
          : packet_of(wire::Ipv6Header{.source = source, .destination = destination}, message);
  auto read = wire::decode(family_, packet);
  if (!read) return std::nullopt;
  return core::Received{.packet = *std::move(read), .mac = kMacs[0]};
}

core::Received Script::received() {
  core::Received event{.packet = {.source = peer()}};
  auto& packet = event.packet;
  switch (bytes_.below(4)) {
    case 0: {
      Query sent = query();
      packet.destination = destination_of(sent);
      packet.message = std::move(sent);
      break;
    }
    case 1:
      packet.destination = group();
      packet.message = Leave{group()};
      break;
    default:
      packet.destination = group();
      packet.message = report();
  }
  const unsigned oddities = bytes_.byte();
  event.mac = kMacs[oddities & 3U];
  if ((oddities & 0xF0U) == 0x10) packet.hop_limit = 2;
  if ((oddities & 0xF0U) == 0x20) packet.router_alert = false;
  if ((oddities & 0xF0U) == 0x30) event.origin = core::Origin::kOwnHost;
  return event;
}

Query Script::query() {
  Query query{.version = version(), .group = Address::unspecified(family_)};
  const unsigned choices = bytes_.byte();
  query.max_response = query.version == Version::k1 ? 10s : kResponses[choices & 7U];
  if (query.version == Version::k1) return query;
  if ((choices & 8U) != 0) query.group = group();
  if (query.version == Version::k2) return query;
  query.suppress = (choices & 16U) != 0;
  query.robustness = bytes_.byte() & 7U;
  query.query_interval = bytes_.one_of(kAnnounced);
  if ((choices & 32U) != 0) query.sources = some_sources();
  return query;
}

Address Script::destination_of(const Query& query) {
  switch (bytes_.below(8)) {
    case 1:
      return own_address();
    case 2:
      return group();
    default:
      break;
  }
  if (!query.is_general()) return query.group;
  return family_ == Family::kIPv4 ? Address::v4(224, 0, 0, 1) : Address::v6(0xFF02000000000000, 1);
}

Report Script::report() {
  Report report{.version = version()};
  if (report.version != Version::k3) {
    report.records.push_back({.type = RecordType::kIsExclude, .group = group()});
    return report;
  }
  std::vector<Record> said(bytes_.below(4));
  for (auto& each : said)
    each = record();
  const std::size_t times = bytes_.coin() ? 1 + bytes_.below(60) : 1;
  for (std::size_t i = 0; i < times; ++i) {
    report.records.insert(report.records.end(), said.begin(), said.end());
  }
  return report;
}

Record Script::record() {
  const auto type = static_cast<RecordType>(1 + bytes_.below(6));
  return {.type = type, .group = group(), .sources = some_sources()};
}

std::vector<Address> Script::some_sources() {
  std::vector<Address> sources;
  const unsigned set = bytes_.byte();
  for (unsigned i = 8; i > 0; --i) {
    if ((set & (1U << (i - 1))) == 0) continue;
    sources.push_back(family_ == Family::kIPv4 ? Address::v4(0x0A000000 + i) : documentation(i));
  }
  return sources;
}

Version Script::version() {
  if (family_ == Family::kIPv6) return bytes_.coin() ? Version::k3 : Version::k2;
  return static_cast<Version>(1 + bytes_.below(3));
}

Address Script::own_address() {
  return family_ == Family::kIPv4 ? bytes_.one_of(kOwn4) : bytes_.one_of(kOwn6);
}
Address Script::peer() {
  return family_ == Family::kIPv4 ? bytes_.one_of(kPeers4) : bytes_.one_of(kPeers6);
}
Address Script::group() {
  return family_ == Family::kIPv4 ? bytes_.one_of(kGroups4) : bytes_.one_of(kGroups6);
}

}  // namespace querent::fuzz
