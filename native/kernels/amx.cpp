#include "amx.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <numeric>
#include <vector>

#if defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace hone {

#if defined(__x86_64__)

bool has_tiles() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") && __builtin_cpu_supports("amx-int8");
}

/// Linux lets a process use tiles once it has asked; empty where it may.
static std::string ask_for_tiles() {
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0
             ? ""
             : std::string("the system does not allow tiles (arch_prctl: ") + std::strerror(errno) + ")";
}

namespace {

/// Numbers that every run makes alike.
class Numbers {
 public:
  uint32_t next() {
    return static_cast<uint32_t>((state_ = state_ * 6364136223846793005u + 1442695040888963407u) >> 33);
  }

  /// From 2^(exponent - 8) to 2^(exponent + 8), and now and then one that is not normal.
  bfloat next_bfloat(int exponent) {
    const uint32_t bits = next(), biased = bits % 13 == 0 ? 0 : 127 + exponent - 8 + (bits >> 8) % 16;
    return {static_cast<uint16_t>((bits & 0x8000u) | biased << 7 | (bits & 0x7fu))};
  }

 private:
  uint64_t state_ = 1;
};

/// Rows that are multiplied together, so that one and two tiles of them are met, whole and in part; an odd number of
/// panels.
struct Stretch {
  int64_t first;
  int64_t count;
};

constexpr Stretch kStretches[] = {{0, 32 + 5}, {37, 16 + 5}};
constexpr int64_t kRows = 58, kPanels = 3;

int64_t count_differences(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), int64_t{0}, std::plus<>(),
                            [](float x, float y) { return std::memcmp(&x, &y, sizeof x) != 0; });
}

/// Some products come to less than the least normal number.
std::vector<float> bfloat_products(const KernelSet& set) {
  constexpr int64_t inputs = 3 * kPanelInputs + 7, padded = 4 * kPanelInputs;
  Numbers numbers;
  std::vector<bfloat> x(kRows * inputs), weights(kPanels * kPanel * inputs), panels(kPanels * kPanel * padded);
  for (size_t i = 0; i < x.size(); i++) {
    x[i] = numbers.next_bfloat(i / inputs % 7 == 3 ? -100 : 0);
  }

  for (size_t i = 0; i < weights.size(); i++) {
    weights[i] = numbers.next_bfloat(i / inputs % 5 == 2 ? -28 : 0);
  }

  for (int64_t i = 0; i < kPanels; i++) {
    set.bfloat16.pack_bfloats(weights.data() + i * kPanel * inputs, inputs, kPanel, inputs,
                              panels.data() + i * kPanel * padded);
  }

  std::vector<float> out(kRows * kPanels * kPanel);
  for (const auto& [first, count] : kStretches) {
    set.bfloat16.packed_product(x.data() + first * inputs, inputs, panels.data(), count, kPanels, inputs,
                                out.data() + first * kPanels * kPanel, kPanels * kPanel);
  }

  return out;
}

std::vector<float> coded_products(const KernelSet& set, WeightCode code) {
  const CodeFormat format = format_of(code);
  const int64_t blocks = 3, inputs = blocks * format.block;
  Numbers numbers;
  std::vector<int8_t> codes(kRows * inputs);
  std::vector<CodeBlock> scales(kRows * blocks);
  std::generate(codes.begin(), codes.end(), [&] { return static_cast<int8_t>(numbers.next()); });
  for (size_t b = 0; b < scales.size(); b++) {
    const int8_t* const some = codes.data() + b * format.block;
    scales[b] = {static_cast<float>(1 + numbers.next() % 1000), std::accumulate(some, some + format.block, 0)};
  }

  // Any bytes will do, but for scales, which must be numbers: those with a high bit of the exponent clear are.
  std::vector<uint8_t> panels(kPanels * blocks * format.block_bytes());
  std::generate(panels.begin(), panels.end(), [&] { return static_cast<uint8_t>(numbers.next()); });
  for (int64_t b = 0; b < kPanels * blocks; b++) {
    for (int64_t at = format.code_bytes(); at < format.block_bytes(); at++) {
      panels[b * format.block_bytes() + at] &= 0xbfu;
    }
  }

  std::vector<float> out(kRows * kPanels * kPanel);
  const CodedRows rows{codes.data(), inputs, scales.data(), blocks};
  for (const auto& [first, count] : kStretches) {
    set.codes.product(rows.from(first), panels.data(), code, count, kPanels, inputs,
                      out.data() + first * kPanels * kPanel, kPanels * kPanel);
  }

  return out;
}

}  // namespace

std::array<int64_t, 3> differences_from_model(const KernelSet& set) {
  const KernelSet& model = avx512_bf16::modelled_amx_kernels;
  const auto coded = [&](WeightCode code) {
    return count_differences(coded_products(set, code), coded_products(model, code));
  };
  return {count_differences(bfloat_products(set), bfloat_products(model)), coded(WeightCode::Int8),
          coded(WeightCode::Q80)};
}

static std::string found_fault() {
  if (!has_tiles()) {
    return "the processor has no tiles (amx_tile, amx_bf16 and amx_int8)";
  }

  if (const std::string refusal = ask_for_tiles(); !refusal.empty()) {
    return refusal;
  }

  const auto [bfloats, bytes, blocks] = differences_from_model(avx512_bf16::amx_kernels);
  return bfloats + bytes + blocks == 0
             ? ""
             : "products of its tiles are not those that are documented: " + std::to_string(bfloats) + ", " +
                   std::to_string(bytes) + " and " + std::to_string(blocks) + " of " +
                   std::to_string(kRows * kPanels * kPanel) + " differ in bfloat16, in 8 bits and in q8_0";
}

#else

bool has_tiles() { return false; }

static std::string found_fault() { return "the processor has no tiles"; }

#endif

const std::string& amx_fault() {
  static const std::string fault = found_fault();
  return fault;
}

}  // namespace hone
