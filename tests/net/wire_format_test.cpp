#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ear.hpp"
#include "querent_lan.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

// What querent sends, as others read it: caught by dumpcap on another host, judged by tshark.

namespace querent::test {

namespace {

using lab::Lan;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::Field;

constexpr int kQuerent = 1;
constexpr int kMember = 2;
constexpr Address kGroup = Address::v4(239, 1, 2, 3);
constexpr Address kSsmGroup = Address::v4(232, 1, 2, 3);

// Queries of querent's, in tshark's words.
struct Query {
  std::string source;
  std::string destination;
  std::string mac;  // where the frame went
  std::string ttl;
  std::string tos;
  std::string dont_fragment;
  std::string router_alert;
  std::string ip_checksum;
  std::string igmp_checksum;
  std::string version;
  std::string group;
  int frame_length;
  int length;  // all of the IP packet
  int header_length;
  int sources;
  std::string expert;  // what it warns of
  std::string stray;   // octets that belong to nothing

  int message_length() const { return length - header_length; }
  bool is_general() const { return group == "0.0.0.0"; }
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(at, from), text.size());
    parts.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

int number(const std::string& text) {
  return text.empty() ? 0 : std::stoi(text);
}

std::ostream& operator<<(std::ostream& out, const Query& query) {
  return out << fmt::format("v{} query for {} from {} to {} ({}), {} octets", query.version,
                            query.group, query.source, query.destination, query.mac, query.length);
}

bool is_installed(const std::string& tool) {
  const auto found = lab::Process::spawn({.argv = {tool, "--version"}});
  return found.has_value();
}

class Capture {
 public:
  explicit Capture(const lab::Namespace& where)
      : file_(fmt::format("{}/querent-wire-format-{}.pcapng", testing::TempDir(), getpid())),
        process_(start(where, {"dumpcap", "-i", "eth0", "-f", "igmp", "-w", file_})) {
    EXPECT_TRUE(process_.wait_for_errors("File:", kPatience)) << process_.errors();
  }
  ~Capture() { std::filesystem::remove(file_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  void end() {
    process_.kill(SIGINT);
    finish(process_);
  }

  // What tshark says of the frames that pass its filter, field by field.
  std::vector<std::vector<std::string>> read(const std::string& filter,
                                             const std::vector<std::string>& fields) const {
    std::vector<std::string> argv{"tshark", "-r",   file_, "-n",     "-o", "ip.check_checksum:TRUE",
                                  "-Y",     filter, "-T",  "fields", "-E", "separator=|"};
    for (const auto& field : fields) {
      argv.emplace_back("-e");
      argv.push_back(field);
    }
    auto tshark = lab::Process::spawn({.argv = argv});
    if (!good(tshark)) return {};
    const auto ran = finish(*tshark, 3 * kPatience);
    EXPECT_EQ(ran.code, 0) << ran.err;
    std::vector<std::vector<std::string>> rows;
    for (const auto& line : split(ran.out, '\n')) {
      rows.push_back(split(line, '|'));
      rows.back().resize(fields.size());
    }
    return rows;
  }

 private:
  std::string file_;
  lab::Process process_;
};

std::vector<Query> queries_in(const Capture& capture) {
  std::vector<Query> queries;
  const auto rows = capture.read(
      "igmp.type == 0x11 && eth.src == 02:00:00:00:00:01",
      {"ip.src", "ip.dst", "eth.dst", "ip.ttl", "ip.dsfield", "ip.flags.df", "ip.opt.ra",
       "ip.checksum.status", "igmp.checksum.status", "igmp.version", "igmp.maddr", "frame.len",
       "ip.len", "ip.hdr_len", "igmp.num_src", "_ws.expert", "igmp.data"});
  for (const auto& row : rows) {
    queries.push_back({row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8],
                       row[9], row[10], number(row[11]), number(row[12]), number(row[13]),
                       number(row[14]), row[15], row[16]});
  }
  return queries;
}

constexpr const char* kGood = "1";

// What all have in common.
auto is_sound(const std::string& source, const std::string& version) {
  return AllOf(
      AllOf(Field("source", &Query::source, source), Field("version", &Query::version, version),
            Field("ttl", &Query::ttl, "1"), Field("tos", &Query::tos, "0xc0"),
            Field("dont_fragment", &Query::dont_fragment, "1"),
            Field("router_alert", &Query::router_alert, "0")),
      AllOf(Field("ip_checksum", &Query::ip_checksum, kGood),
            Field("igmp_checksum", &Query::igmp_checksum, kGood),
            Field("header_length", &Query::header_length, 24), Field("expert", &Query::expert, ""),
            Field("stray", &Query::stray, "")));
}

// The lengths that version has; the frame as long as its packet; each where it belongs.
void expect_lengths_and_places(const std::vector<Query>& queries) {
  for (const auto& query : queries) {
    EXPECT_EQ(query.message_length(), query.version == "3" ? 12 + 4 * query.sources : 8) << query;
    EXPECT_EQ(query.frame_length, 14 + query.length) << query;
    EXPECT_LE(query.length, 1500) << query;
    EXPECT_EQ(query.destination, query.is_general() ? "224.0.0.1" : query.group) << query;
    const auto to = wire::multicast_mac(Address::parse(query.destination).value());
    EXPECT_EQ(query.mac, to.to_string()) << query;
  }
}

std::ptrdiff_t count(const std::vector<Query>& queries, bool (*wanted)(const Query&)) {
  return std::ranges::count_if(queries, wanted);
}

std::ptrdiff_t general(const std::vector<Query>& queries) {
  return count(queries, [](const Query& query) { return query.is_general(); });
}
std::ptrdiff_t about_groups(const std::vector<Query>& queries) {
  return count(queries, [](const Query& q) { return !q.is_general() && q.sources == 0; });
}
std::ptrdiff_t about_sources(const std::vector<Query>& queries) {
  return count(queries, [](const Query& q) { return !q.is_general() && q.sources > 0; });
}

void tell(const std::vector<Query>& queries) {
  int most = 0;
  for (const auto& query : queries)
    most = std::max(most, query.sources);
  fmt::print("tshark: {} general, {} of a group, {} of sources (at most {})\n", general(queries),
             about_groups(queries), about_sources(queries), most);
}

// On the member's cable.
class WireFormat : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* tool : {"dumpcap", "tshark"}) {
      if (is_installed(tool)) continue;
      if (std::getenv("CI") != nullptr) FAIL() << tool << " is missing";
      GTEST_SKIP() << tool << " is missing: nobody else judges what is sent";
    }
  }

  lab::Process querent(const std::vector<std::string>& arguments) {
    return start_querent(lan_.host(kQuerent), arguments);
  }
  std::size_t await_general_query(std::size_t from = 0) {
    const auto is_general = [](const Sighting& one) { return one.general_query() != nullptr; };
    EXPECT_TRUE(ear_.await(is_general, kPatience, from));
    return ear_.heard();
  }
  void await_query(Address group, std::size_t times, bool of_sources = false) {
    std::size_t seen = 0;
    const auto is_it = [&](const Sighting& one) {
      const auto* query = one.query();
      return query != nullptr && query->group == group && query->sources.empty() != of_sources &&
             ++seen == times;
    };
    EXPECT_TRUE(ear_.await(is_it, kPatience)) << group.to_string();
  }
  // A member of "GROUP" or "GROUP:PORT@SOURCE" comes, is known to querent, and goes.
  void join_and_leave(Address group, const std::string& channel) {
    const auto from = router_ear_.heard();
    auto joining = start(lan_.host(kMember), {program(), "join", "-v", "-i", "eth0", channel});
    EXPECT_TRUE(joining.wait_for_errors("joined", kPatience)) << joining.errors();
    const auto is_report = [group](const Sighting& one) {
      const auto* said = one.packet ? std::get_if<wire::Report>(&one.packet->message) : nullptr;
      return said != nullptr && std::ranges::any_of(said->records, [group](const auto& record) {
               return record.group == group;
             });
    };
    EXPECT_TRUE(router_ear_.await(is_report, kPatience, from)) << group.to_string();
    joining.kill(SIGTERM);
    finish(joining);
  }
  // A v3 report of the member's, about many sources.
  void report(wire::RecordType type, std::uint32_t first, std::size_t sources) {
    wire::Record record{.type = type, .group = kSsmGroup};
    for (std::uint32_t i = 0; i < sources; ++i)
      record.sources.push_back(Address::v4(first + i));
    const Address routers = Address::v4(224, 0, 0, 22);
    Mouth(lan_.host(kMember))
        .say(wire::encode(
                 {.source = Lan::address_of(kMember),
                  .destination = routers,
                  .message = wire::Report{.version = wire::Version::k3, .records = {record}}}),
             routers);
  }
  // What was sent before these three has reached dumpcap, too.
  std::vector<Query> judge() {
    std::size_t from = ear_.heard();
    for (int i = 0; i < 3; ++i)
      from = await_general_query(from);
    capture_.end();
    auto queries = queries_in(capture_);
    expect_lengths_and_places(queries);
    tell(queries);
    return queries;
  }

  Lan lan_ = make_lan({.hosts = {2}});
  Ear ear_{lan_.host(kMember)};
  Ear router_ear_{lan_.host(kQuerent)};
  Capture capture_{lan_.host(kMember)};
};

TEST_F(WireFormat, TheJudgeSeesWhatIsWrong) {
  // A switch that snoops would drop the last one.
  good(lan_.switch_at(1).space().links().change_bridge(lab::CheapSwitch::kBridge,
                                                       {.snooping = false}));
  wire::Packet packet{
      .source = Lan::address_of(kQuerent),
      .destination = Address::v4(224, 0, 0, 1),
      .message = wire::Query{.group = Address::unspecified(Family::kIPv4), .max_response = 1s}};
  Mouth mouth(lan_.host(kQuerent));
  packet.hop_limit = 2;
  mouth.say(wire::encode(packet));
  packet.hop_limit = 1;
  packet.router_alert = false;
  mouth.say(wire::encode(packet));
  packet.router_alert = true;
  auto wrong = wire::encode(packet);
  wrong[25] ^= 1U;  // the time to answer
  mouth.say(wrong);
  const auto process = querent({});
  const auto queries = judge();
  ASSERT_GE(queries.size(), 3U);
  const auto sound = is_sound("10.9.0.1", "2");
  EXPECT_THAT(std::vector(queries.begin(), queries.begin() + 3), Each(testing::Not(sound)));
  EXPECT_NE(queries[2].expert, "");
  EXPECT_THAT(std::vector(queries.begin() + 3, queries.end()), Each(sound));
}

TEST_F(WireFormat, Version1) {
  const auto process = querent({"--igmp-version", "1"});
  await_general_query();  // members answer in its version
  join_and_leave(kGroup, "239.1.2.3");
  const auto queries = judge();
  EXPECT_THAT(queries, Each(is_sound("10.9.0.1", "1")));
  EXPECT_GE(general(queries), 2);
  EXPECT_EQ(about_groups(queries), 0);
}

TEST_F(WireFormat, Version2) {
  const auto process = querent({"--igmp-version", "2", "--last-member-interval", "200ms"});
  await_general_query();  // members answer in its version
  join_and_leave(kGroup, "239.1.2.3");
  await_query(kGroup, 2);
  const auto queries = judge();
  EXPECT_THAT(queries, Each(is_sound("10.9.0.1", "2")));
  EXPECT_GE(general(queries), 3);
  EXPECT_EQ(about_groups(queries), 2);
}

TEST_F(WireFormat, Version3) {
  const auto process = querent({"--igmp-version", "3", "--last-member-interval", "200ms"});
  await_general_query();  // members answer in its version
  join_and_leave(kGroup, "239.1.2.3");
  await_query(kGroup, 2);
  join_and_leave(kSsmGroup, "232.1.2.3:5004@10.9.0.77");
  await_query(kSsmGroup, 2, true);
  // More sources than one packet names.
  constexpr std::uint32_t kFirst = 0x0A000001;
  constexpr std::uint32_t kSources = 340;
  for (const auto type : {wire::RecordType::kAllow, wire::RecordType::kBlock}) {
    report(type, kFirst, kSources);
    report(type, kFirst + kSources, kSources);
  }
  await_query(kSsmGroup, 5, true);
  const auto queries = judge();
  EXPECT_THAT(queries, Each(is_sound("10.9.0.1", "3")));
  EXPECT_GE(general(queries), 3);
  EXPECT_GE(about_groups(queries), 2);
  EXPECT_GE(about_sources(queries), 5);
}

// The copy for the own host never gets here: its TTL is 0.
TEST_F(WireFormat, ProxyQueries) {
  for (const char* version : {"2", "3"}) {
    const auto from = ear_.heard();
    const auto process = querent({"--igmp-version", version, "--source", "0.0.0.0"});
    await_general_query(await_general_query(from));
  }
  const auto process = querent({"--igmp-version", "3", "--source", "0.0.0.0"});
  const auto queries = judge();
  EXPECT_THAT(queries, Each(testing::AnyOf(is_sound("0.0.0.0", "2"), is_sound("0.0.0.0", "3"))));
  EXPECT_GE(general(queries), 6);
  EXPECT_TRUE(capture_.read("ip.ttl == 0", {"frame.number"}).empty());
}

}  // namespace

}  // namespace querent::test
