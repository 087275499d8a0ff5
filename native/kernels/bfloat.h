// bfloat16 as the vector code sees it: the same sixteen bits as c10::BFloat16, without its header.
#pragma once

#include <cstdint>

namespace hone {

struct bfloat {
  uint16_t bits;
};

}  // namespace hone
