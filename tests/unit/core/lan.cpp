#include "lan.hpp"

#include <algorithm>
#include <utility>

namespace querent::core::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart = Instant{} + std::chrono::hours(100);

}  // namespace

Address host(unsigned number, Family family) {
  return family == Family::kIPv4 ? Address::v4((10U << 24U) + number)
                                 : Address::v6(0xFE80000000000000, number);
}

Addresses hosts(std::initializer_list<unsigned> numbers, Family family) {
  Addresses all;
  for (const unsigned number : numbers)
    all.push_back(host(number, family));
  return all;
}

Address group(unsigned number, Family family) {
  return family == Family::kIPv4 ? Address::v4((239U << 24U) + (1U << 16U) + (1U << 8U) + number)
                                 : Address::v6(0xFF15000000000000, number);
}

MacAddress mac(unsigned number) {
  return {{2, 0, 0, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}};
}

LocalInterface link_of(Family family) {
  return link_of({{host(kOurs, family), family == Family::kIPv4 ? 24U : 64U}});
}

LocalInterface link_of(std::vector<InterfaceAddress> addresses) {
  return {.mac = mac(kOurs), .addresses = std::move(addresses)};
}

Settings unjittered(Version version) {
  return {.version = version, .jitter = 0};
}

Query general(Version version, Family family) {
  Query query{
      .version = version, .group = Address::unspecified(family), .max_response = seconds(10)};
  if (version != Version::k3) return query;
  query.robustness = 2;
  query.query_interval = seconds(60);
  return query;
}

Query specific(Version version, Address group, Addresses sources) {
  Query query = general(version, group.family());
  query.group = group;
  query.max_response = seconds(1);
  query.sources = std::move(sources);
  return query;
}

Packet envelope(Address source, Message message) {
  const bool v4 = source.is_v4();
  Address destination = v4 ? Address::v4(224, 0, 0, 1) : Address::v6(0xFF02000000000000, 1);
  const auto* query = std::get_if<Query>(&message);
  if (query != nullptr && !query->is_general()) destination = query->group;
  if (query == nullptr) {
    destination = v4 ? Address::v4(224, 0, 0, 22) : Address::v6(0xFF02000000000000, 0x16);
  }
  return {.source = source, .destination = destination, .message = std::move(message)};
}

std::int64_t ms(Duration duration) {
  return std::chrono::duration_cast<milliseconds>(duration).count();
}

Lan::Lan(const Settings& settings, Family family, std::uint64_t seed)
    : family_(family), now_(kStart), segment_(settings, family, Random(seed)) {}

Lan& Lan::up(LocalInterface link) {
  step(LinkUp{std::move(link)});
  return *this;
}

void Lan::step(const Event& event) {
  for (auto& action : segment_.step(event, now_)) {
    if (auto* send = std::get_if<SendQuery>(&action)) {
      sent_.push_back({time(), packet_of(*send), send->query});
    } else {
      actions_.emplace_back(time(), std::move(action));
    }
  }
  EXPECT_GT(segment_.deadline().value_or(kNever), now_) << "a deadline is left behind";
}

void Lan::advance(Duration span, Duration late) {
  const Instant until = now_ + span;
  for (auto next = segment_.deadline(); next && *next + late <= until; next = segment_.deadline()) {
    now_ = std::max(now_, *next + late);
    step(Tick{});
    if (testing::Test::HasFatalFailure() || segment_.deadline() <= now_) break;
  }
  now_ = until;
}

void Lan::sleep(Duration span) {
  now_ += span;
  step(Tick{});
}

void Lan::hear(unsigned from, const Query& query) {
  step(Received{.packet = envelope(host(from, family_), query), .mac = mac(from)});
}

void Lan::hear_repeatedly(unsigned from, const Query& query, Duration interval, int count) {
  for (int i = 0; i < count; ++i) {
    advance(interval);
    hear(from, query);
  }
}

void Lan::report(unsigned from, std::vector<Record> records) {
  const Report report{.version = Version::k3, .records = std::move(records)};
  step(Received{.packet = envelope(host(from, family_), report), .mac = mac(from)});
}

void Lan::join(unsigned from, Address group, Version version) {
  const Report report{.version = version, .records = {{.group = group}}};
  step(Received{.packet = envelope(host(from, family_), report), .mac = mac(from)});
}

void Lan::leave(unsigned from, Address group) {
  const Leave leave{.group = group};
  step(Received{.packet = envelope(host(from, family_), leave), .mac = mac(from)});
}

std::vector<Sent> Lan::sent_to(Address group) const {
  std::vector<Sent> matching;
  std::copy_if(sent_.begin(), sent_.end(), std::back_inserter(matching),
               [group](const Sent& sent) { return sent.packet.destination == group; });
  return matching;
}

std::vector<std::int64_t> Lan::sent_at() const {
  std::vector<std::int64_t> times;
  for (const auto& sent : sent_)
    times.push_back(ms(sent.at));
  return times;
}

void Lan::forget() {
  sent_.clear();
  actions_.clear();
}

std::vector<Told<Address>> Lan::changed(HowChanged how) const {
  std::vector<Told<Address>> groups;
  for (const auto& [at, what] : told<GroupChanged>()) {
    if (what.change == how) groups.push_back({at, what.record.group});
  }
  return groups;
}

Duration Lan::time() const {
  return now_ - kStart;
}

std::optional<Address> Lan::elected() const {
  const auto view = segment_.view(now_);
  return view.elected ? std::optional(view.elected->address) : std::nullopt;
}

Duration Lan::timeout() const {
  const auto view = segment_.view(now_);
  return view.elected ? view.elected->timeout : Duration::zero();
}

std::optional<GroupView> Lan::find(Address group) const {
  for (auto& view : segment_.groups(std::nullopt, 100, now_)) {
    if (view.group == group) return view;
  }
  return std::nullopt;
}

}  // namespace querent::core::test
