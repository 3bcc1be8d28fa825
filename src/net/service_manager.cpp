#include "net/service_manager.hpp"
