#include "isa.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "amx.h"

namespace hone {

static Isa richest_of_vectors() {
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

/// Why an instruction set does not run here; empty where it does.
static std::string fault_of(Isa isa) {
  const Isa most = richest_of_vectors();
  if ((isa == Isa::ModelledAmx ? Isa::Avx512Bf16 : std::min(isa, Isa::Avx512Bf16)) > most) {
    return std::string("the richest that this processor has is ") + name_of(most);
  }

  return isa == Isa::Amx ? amx_fault() : "";
}

static Isa richest() { return fault_of(Isa::Amx).empty() ? Isa::Amx : richest_of_vectors(); }

static const char* const kNames[] = {"portable", "avx2", "avx512", "avx512_vnni", "avx512_bf16", "amx", "modelled_amx"};

const char* name_of(Isa isa) { return kNames[static_cast<int>(isa)]; }

static Isa chosen() {
  const char* const asked = std::getenv("HONE_ISA");
  if (asked == nullptr || *asked == '\0') {
    return richest();
  }

  for (int i = 0; i <= static_cast<int>(Isa::Amx); i++) {
    if (std::string(asked) == kNames[i]) {
      const auto isa = static_cast<Isa>(i);
      const std::string fault = fault_of(isa);
      TORCH_CHECK(fault.empty(), "HONE_ISA: must be an instruction set that runs here, got ", asked, ": ", fault);
      return isa;
    }
  }

  TORCH_CHECK(false, "HONE_ISA: must be portable, avx2, avx512, avx512_vnni, avx512_bf16 or amx, got ", asked);
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

std::string tiles_unused() {
  if (!has_tiles() || current_isa() == Isa::Amx) {
    return "";
  }

  const std::string fault = fault_of(Isa::Amx);
  return fault.empty() ? "HONE_ISA asks for another set" : fault;
}

void use_isa(int isa) {
  TORCH_CHECK(isa <= static_cast<int>(Isa::ModelledAmx), "hone::use_isa: must be at most ",
              static_cast<int>(Isa::ModelledAmx), ", got ", isa);
  const Isa wanted = isa < 0 ? first() : static_cast<Isa>(isa);
  const std::string fault = fault_of(wanted);
  TORCH_CHECK(fault.empty(), "hone::use_isa: must be an instruction set that runs here, got ", name_of(wanted), ": ",
              fault);
  current().store(wanted);
}

}  // namespace hone
