#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "observe/metrics.hpp"
#include "observe/status.hpp"
#include "web/basic_auth.hpp"
#include "web/endpoints.hpp"
#include "web/http_message.hpp"

namespace querent::app {

// Whom the website asks. Called by many threads; nothing (null): no answer in time.
struct StatusSource {
  std::function<std::shared_ptr<const observe::Status>()> status;
  std::function<std::shared_ptr<const observe::Status>()> status_with_groups;
  std::function<std::optional<observe::GroupPage>(const observe::GroupQuestion&)> groups;
  std::function<std::optional<observe::EventPage>(const observe::EventQuestion&)> events;
  // Somebody gave a wrong name or password: the name, which may be empty, and the address.
  std::function<void(std::string name, std::string peer)> refused;
};

// The endpoints of docs/api.md. From any thread.
class Website {
 public:
  Website(StatusSource status_source, std::optional<web::BasicAuth> auth);
  Website(const Website&) = delete;
  Website& operator=(const Website&) = delete;

  web::HttpResponse answer(const web::HttpRequest& request) { return endpoints_.answer(request); }
  // Something was answered without asking here.
  void count_refused(int status) { endpoints_.count_refused(status); }

  const std::vector<web::Endpoint>& endpoints() const { return endpoints_.table(); }

 private:
  std::vector<web::Endpoint> table() const;
  web::HttpResponse metrics() const;
  web::HttpResponse health() const;
  web::HttpResponse readiness() const;
  web::HttpResponse status() const;
  web::HttpResponse groups(const std::string& query) const;
  web::HttpResponse events(const std::string& query) const;

  StatusSource source_;
  web::Endpoints endpoints_;
};

}  // namespace querent::app
