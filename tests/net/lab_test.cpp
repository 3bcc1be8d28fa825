#include <netinet/in.h>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "lab/lan.hpp"
#include "lab/process.hpp"

namespace querent::lab {
namespace {

TEST(Lan, Smoke) {
  auto lan = Lan::create({.hosts = {2}});
  ASSERT_TRUE(lan) << lan.error().to_string();
  auto p = Process::spawn({.argv = {"ip", "-d", "addr"}, .where = &lan->host(1)});
  ASSERT_TRUE(p) << p.error().to_string();
  auto e = p->wait(std::chrono::seconds(5));
  ASSERT_TRUE(e);
  std::cout << p->output() << p->errors();
  auto q = Process::spawn({.argv = {"sh", "-c", "ip -d addr show dev br0; bridge -d mdb show"},
                           .where = &lan->switch_at(1).space()});
  q->wait(std::chrono::seconds(5));
  std::cout << q->output() << q->errors();
}

}  // namespace
}  // namespace querent::lab
