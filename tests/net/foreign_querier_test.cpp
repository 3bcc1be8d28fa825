#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/querent_lan.hpp"
#include "kit/scratch.hpp"
#include "os/clock.hpp"

// We meet queriers that others have written: the Linux bridge's, of IGMP and MLD, and FRRouting's
// pimd.

namespace querent::test {

namespace {

using lab::Lan;
using testing::HasSubstr;
using testing::Not;

constexpr int kLower = 1;
constexpr int kWe = 2;
constexpr int kHigher = 3;
constexpr int kEar = 4;

enum class Kind : std::uint8_t {
  kBridge,
  kMldBridge,
  kProxyBridge,  // asks from 0.0.0.0
  kFrr,
};

struct Meeting {
  Kind kind = Kind::kBridge;
  int foreign = kLower;
  bool we_come_first = false;
  unsigned version = 2;

  Family family() const { return kind == Kind::kMldBridge ? Family::kIPv6 : Family::kIPv4; }
  Address ours() const { return Lan::address_of(kWe, family()); }
  Address theirs() const {
    return kind == Kind::kProxyBridge ? Address::v4(0, 0, 0, 0)
                                      : Lan::address_of(foreign, family());
  }
  bool we_win() const { return foreign == kHigher || kind == Kind::kProxyBridge; }
};

std::string name_of(const Meeting& meeting) {
  const auto* const kind = meeting.kind == Kind::kBridge        ? "Bridge"
                           : meeting.kind == Kind::kMldBridge   ? "MldBridge"
                           : meeting.kind == Kind::kProxyBridge ? "ProxyBridge"
                                                                : "Frr";
  return fmt::format("{}V{}{}{}", kind, meeting.version,
                     meeting.foreign == kLower ? "Lower" : "Higher",
                     meeting.we_come_first ? "WeFirst" : "WeSecond");
}

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest calls it so.
void PrintTo(const Meeting& meeting, std::ostream* out) {
  *out << name_of(meeting);
}

// The querier of a bridge that a host's cable is plugged into, and that has the host's address. One
// that has heard another querier before it begins gives way to that one even where it is the lower
// (br_multicast_send_query), so it is there from the bridge's first moment on, as in a switch that
// is powered on.
class BridgeQuerier {
 public:
  BridgeQuerier(const Meeting& meeting, lab::Namespace& where) : meeting_(meeting), where_(where) {
    good(where.links().remove_address(Lan::kInterface, address(), prefix_length()));
  }

  void start() {
    lab::BridgeOptions options;
    options.querier = true;
    options.query_uses_address = meeting_.kind == Kind::kBridge;
    auto& version = is_mld() ? options.mld_version : options.igmp_version;
    version = static_cast<std::uint8_t>(meeting_.version);
    options.query_interval = 1s;
    options.query_response_interval = 200ms;
    options.querier_interval = 2100ms;
    options.startup_query_interval = 250ms;
    // No link-local address of its MAC's: the bridge would ask from that one.
    good(where_.write_sysctl("ipv6/conf/default/addr_gen_mode", "1"));
    auto& links = where_.links();
    good(links.add_bridge({kBridge}, options));
    good(links.add_address(kBridge, address(), prefix_length()));
    good(links.enslave(Lan::kInterface, kBridge));
    good(links.set_up(kBridge));
    good(where_.await_carrier(kBridge, kPatience));
  }

  void fall_silent() { good(where_.links().remove(kBridge)); }

 private:
  static constexpr const char* kBridge = "br9";

  bool is_mld() const { return meeting_.family() == Family::kIPv6; }
  unsigned prefix_length() const { return is_mld() ? 64 : 24; }
  Address address() const { return Lan::address_of(meeting_.foreign, meeting_.family()); }

  const Meeting meeting_;
  lab::Namespace& where_;
};

// pimd, and the zebra that it gets its interfaces from.
class FrrQuerier {
 public:
  static constexpr const char* kFolder = "/usr/lib/frr/";

  FrrQuerier(const Meeting& meeting, const lab::Namespace& where) : where_(where) {
    files_.open_to_all();
    files_.write("zebra.conf", "");
    files_.write("pimd.conf", fmt::format("interface eth0\n"
                                          " ip pim\n"
                                          " ip igmp\n"
                                          " ip igmp version {}\n"
                                          " ip igmp query-max-response-time 5\n"
                                          " ip igmp query-interval 1\n",
                                          meeting.version));
    zebra_.emplace(run("zebra"));
    EXPECT_TRUE(zebra_->wait_for_output("starting", kPatience)) << zebra_->output();
  }

  void start() {
    pimd_.emplace(run("pimd"));
    EXPECT_TRUE(pimd_->wait_for_output("PIM INTERFACE UP: on interface eth0", kPatience))
        << pimd_->output();
  }
  void fall_silent() {
    pimd_->kill(SIGKILL);
    EXPECT_TRUE(pimd_->wait(kPatience));
  }

 private:
  lab::Process run(const std::string& program) {
    return test::start(where_, {kFolder + program, "--vty_socket", files_.path(), "-P", "0", "-i",
                                files_.path(program + ".pid"), "-z", files_.path("zebra.socket"),
                                "-f", files_.path(program + ".conf"), "--log", "stdout"});
  }

  const lab::Namespace& where_;
  Scratch files_;
  std::optional<lab::Process> zebra_;
  std::optional<lab::Process> pimd_;
};

// Seven queries in a row of one of them, none of the other: enough to know the rhythm of a querier
// that does not announce it.
bool await_reign(const QueryListener& ear, Address of, Address other) {
  constexpr int kQueries = 7;
  const auto is_ours = general_query_from(of);
  const auto is_theirs = general_query_from(other);
  const auto from = static_cast<std::ptrdiff_t>(ear.heard());
  const Instant begin = os::now();
  while (os::now() < begin + 60s) {
    if (!ear.await(is_ours, kPatience, ear.heard())) return false;
    const auto all = ear.all();
    int reign = 0;
    for (auto one = all.begin() + from; one != all.end(); ++one) {
      if (is_ours(*one)) ++reign;
      if (is_theirs(*one)) reign = 0;
    }
    if (reign >= kQueries) return true;
  }
  return false;
}

template <class Foreign>
class Encounter {
 public:
  explicit Encounter(const Meeting& meeting)
      : meeting_(meeting),
        lan_(make_lan(
            {.hosts = {4}, .switches = {.filters_ipv6 = meeting.family() == Family::kIPv6}})),
        ear_(lan_.host(kEar), Lan::kInterface, meeting.family()),
        foreign_(meeting, lan_.host(meeting.foreign)) {}

  void take_place() {
    come(meeting_.we_come_first);
    ASSERT_TRUE(ear_.await(general_query_from(address(meeting_.we_come_first)), kPatience))
        << "the first to come never asked";
    come(!meeting_.we_come_first);
    ASSERT_TRUE(right_one_asks()) << querent_->errors();

    const auto from = ear_.heard();
    go(meeting_.we_win());
    const auto successor =
        ear_.await(general_query_from(address(!meeting_.we_win())), kPatience, from);
    ASSERT_TRUE(successor) << "nobody succeeded";
    const auto last = ear_.general_queries(address(meeting_.we_win())).back();
    fmt::print("{}: {} took over {:.1f} ms after the last query\n", name_of(meeting_),
               meeting_.we_win() ? "they" : "we", in_ms(successor->at - last.at));

    come(meeting_.we_win());
    ASSERT_TRUE(right_one_asks()) << querent_->errors();
  }

 private:
  Address address(bool ours) const { return ours ? meeting_.ours() : meeting_.theirs(); }

  void come(bool we) {
    if (!we) return foreign_.start();
    querent_.emplace(start_querent(
        lan_.host(kWe), only(meeting_.family(), meeting_.version, {"--max-response", "200ms"})));
  }

  void go(bool we) {
    if (!we) return foreign_.fall_silent();
    querent_->kill(SIGKILL);
    EXPECT_TRUE(querent_->wait(kPatience));
  }

  bool right_one_asks() {
    const Instant begin = os::now();
    if (!await_reign(ear_, address(meeting_.we_win()), address(!meeting_.we_win()))) return false;
    fmt::print("{}: {} alone, known after {:.1f} s\n", name_of(meeting_),
               meeting_.we_win() ? "we ask" : "they ask", in_ms(os::now() - begin) / 1000);
    const auto lost = "election lost to " + meeting_.theirs().to_string();
    if (meeting_.we_win()) {
      EXPECT_THAT(querent_->errors(), Not(HasSubstr("election lost")));
    } else {
      EXPECT_THAT(querent_->errors(), HasSubstr(lost));
    }
    return true;
  }

  const Meeting meeting_;
  Lan lan_;
  const QueryListener ear_;
  Foreign foreign_;
  std::optional<lab::Process> querent_;
};

class ForeignQuerier : public testing::TestWithParam<Meeting> {};

TEST_P(ForeignQuerier, TheRightOneAsks) {
  if (GetParam().kind != Kind::kFrr) return Encounter<BridgeQuerier>(GetParam()).take_place();
  if (std::filesystem::exists(std::string(FrrQuerier::kFolder) + "pimd"))
    return Encounter<FrrQuerier>(GetParam()).take_place();
  const char* const ci = std::getenv("CI");
  ASSERT_FALSE(ci != nullptr && std::string(ci) == "true") << "the package frr is missing";
  GTEST_SKIP() << "the package frr is missing: its querier was not met";
}

std::string name_in_list(const testing::TestParamInfo<Meeting>& info) {
  return name_of(info.param);
}

INSTANTIATE_TEST_SUITE_P(Short, ForeignQuerier,
                         testing::Values(Meeting{Kind::kBridge, kLower, true, 2},
                                         Meeting{Kind::kBridge, kHigher, false, 2},
                                         Meeting{Kind::kMldBridge, kHigher, false, 2},
                                         Meeting{Kind::kProxyBridge, kLower, false, 2},
                                         Meeting{Kind::kFrr, kLower, true, 3},
                                         Meeting{Kind::kFrr, kHigher, false, 3}),
                         name_in_list);

INSTANTIATE_TEST_SUITE_P(
    Long, ForeignQuerier,
    testing::Values(
        Meeting{Kind::kBridge, kLower, false, 2}, Meeting{Kind::kBridge, kHigher, true, 2},
        Meeting{Kind::kBridge, kLower, true, 3}, Meeting{Kind::kBridge, kHigher, false, 3},
        Meeting{Kind::kMldBridge, kLower, true, 1}, Meeting{Kind::kMldBridge, kLower, false, 1},
        Meeting{Kind::kMldBridge, kLower, false, 2}, Meeting{Kind::kMldBridge, kHigher, true, 1},
        Meeting{Kind::kMldBridge, kHigher, true, 2}, Meeting{Kind::kMldBridge, kHigher, false, 1},
        Meeting{Kind::kMldBridge, kLower, true, 2}, Meeting{Kind::kProxyBridge, kHigher, true, 3},
        Meeting{Kind::kFrr, kLower, false, 3}, Meeting{Kind::kFrr, kHigher, true, 3},
        Meeting{Kind::kFrr, kLower, true, 2}, Meeting{Kind::kFrr, kHigher, false, 2}),
    name_in_list);

}  // namespace

}  // namespace querent::test
