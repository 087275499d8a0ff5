#include "isa.h"

#include <c10/util/Exception.h>

#include <atomic>
#include <cstdlib>
#include <string>

namespace hone {

static Isa richest() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (avx512 && __builtin_cpu_supports("avx512vnni")) {
    const bool bf16 = __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vbmi");
    return bf16 ? Isa::Avx512Bf16 : Isa::Avx512Vnni;
  }

  if (avx512) {
    return Isa::Avx512;
  }

  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return Isa::Avx2;
  }
#endif
  return Isa::Portable;
}

static const char* const kNames[] = {"portable", "avx2", "avx512", "avx512_vnni", "avx512_bf16"};

static Isa chosen() {
  const char* const asked = std::getenv("HONE_ISA");
  if (asked == nullptr || *asked == '\0') {
    return richest();
  }

  for (int i = 0; i <= static_cast<int>(Isa::Avx512Bf16); i++) {
    if (std::string(asked) == kNames[i]) {
      const Isa isa = static_cast<Isa>(i);
      TORCH_CHECK(isa <= richest(), "HONE_ISA: must be an instruction set of this processor, got ", asked,
                  "; the richest it has is ", kNames[static_cast<int>(richest())]);
      return isa;
    }
  }

  TORCH_CHECK(false, "HONE_ISA: must be portable, avx2, avx512, avx512_vnni or avx512_bf16, got ", asked);
}

static const Isa& first() {
  static const Isa isa = chosen();
  return isa;
}

static std::atomic<Isa>& current() {
  static std::atomic<Isa> isa{first()};
  return isa;
}

Isa current_isa() { return current().load(std::memory_order_relaxed); }

void use_isa(int isa) {
  const int most = static_cast<int>(richest());
  TORCH_CHECK(isa <= most, "hone::use_isa: must be at most ", most, " on this processor, got ", isa);
  current().store(isa < 0 ? first() : static_cast<Isa>(isa));
}

}  // namespace hone
