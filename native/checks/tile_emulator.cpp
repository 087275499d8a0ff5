#include "tile_emulator.h"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstring>

namespace hone::checks {
namespace {

constexpr int kTiles = 8, kRows = 16, kBytes = 64;

/// The state of one core, as an instruction finds it.
struct Core {
  bool has_shapes;
  int rows[kTiles];
  int row_bytes[kTiles];
  uint8_t tiles[kTiles][kRows][kBytes];
};

Core core;
long emulated;

[[noreturn]] void refuse(const char* why) {
  constexpr char kWhere[] = "tile emulator: ";
  (void)!write(STDERR_FILENO, kWhere, sizeof kWhere - 1);
  (void)!write(STDERR_FILENO, why, std::strlen(why));
  (void)!write(STDERR_FILENO, "\n", 1);
  _exit(1);
}

void require(bool holds, const char* why) {
  if (!holds) {
    refuse(why);
  }
}

// ---- decoding: AMX's instructions have a VEX prefix of three bytes, opcodes of the map 0F38, and one of four more
// prefixes ("Intel 64 and IA-32 Architectures Software Developer's Manual", volume 2, 2.3 and 2.1.5)

enum Prefix { kNone, k66, kF3, kF2 };

struct Instruction {
  int opcode;
  Prefix prefix;
  int first;   // ModRM.reg
  int second;  // ModRM.rm, where that is no memory
  int third;   // VEX.vvvv
  bool is_memory;
  uint64_t at;    // the memory
  uint64_t step;  // from row to row
  const uint8_t* end;
};

template <class T>
T take(const uint8_t*& from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  from += sizeof value;
  return value;
}

Instruction decode(const greg_t* registers) {
  constexpr int kPlaces[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                             REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  const auto* at = reinterpret_cast<const uint8_t*>(registers[REG_RIP]);
  require(take<uint8_t>(at) == 0xc4, "the instruction is not one of AMX");
  const int low = take<uint8_t>(at), high = take<uint8_t>(at);
  require((low & 0x1f) == 2 && (high & 0x84) == 0 && (low & 0x80) != 0, "the prefix is not one of AMX");
  const int more_index = (low & 0x40) != 0 ? 0 : 8, more_base = (low & 0x20) != 0 ? 0 : 8;
  Instruction found{};
  found.prefix = static_cast<Prefix>(high & 3);
  found.third = ~(high >> 3) & 15;
  found.opcode = take<uint8_t>(at);
  const int modes = take<uint8_t>(at), mode = modes >> 6, rm = modes & 7;
  found.first = modes >> 3 & 7;
  found.is_memory = mode != 3;
  found.second = rm + more_base;
  if (found.is_memory) {
    int base = rm + more_base, index = 4, scale = 0;
    if (rm == 4) {
      const int sib = take<uint8_t>(at);
      base = (sib & 7) + more_base;
      index = (sib >> 3 & 7) + more_index;
      scale = sib >> 6;
    }

    const bool has_base = mode != 0 || base % 8 != 5;
    const int64_t offset = mode == 1 ? take<int8_t>(at) : mode == 2 || !has_base ? take<int32_t>(at) : 0;
    const bool is_relative = !has_base && rm != 4;
    found.at = offset + (has_base ? registers[kPlaces[base]] : is_relative ? reinterpret_cast<greg_t>(at) : 0);
    found.step = index == 4 ? 0 : static_cast<uint64_t>(registers[kPlaces[index]]) << scale;
  }

  found.end = at;
  return found;
}

// ---- computing

void check_tile(int tile) { require(core.has_shapes && tile < kTiles && core.rows[tile] > 0, "the tile has no shape"); }

void take_shapes(const uint8_t* from) {
  require(from[0] == 1 && from[1] == 0, "the palette must be 1, from the first row");
  for (int i = 2; i < 16; i++) {
    require(from[i] == 0, "reserved bytes must be zero");
  }

  for (int tile = 0; tile < 16; tile++) {
    uint16_t bytes;
    std::memcpy(&bytes, from + 16 + 2 * tile, sizeof bytes);
    const int rows = from[48 + tile];
    require(rows <= kRows && bytes <= kBytes && (rows == 0) == (bytes == 0), "the shape must be 16 x 64 at most");
    require(tile < kTiles || rows == 0, "there are eight tiles");
    if (tile < kTiles) {
      core.rows[tile] = rows;
      core.row_bytes[tile] = bytes;
    }
  }

  core.has_shapes = true;
  std::memset(core.tiles, 0, sizeof core.tiles);
}

void load(int tile, const Instruction& one) {
  check_tile(tile);
  std::memset(core.tiles[tile], 0, sizeof core.tiles[tile]);
  for (int row = 0; row < core.rows[tile]; row++) {
    std::memcpy(core.tiles[tile][row], reinterpret_cast<const void*>(one.at + row * one.step), core.row_bytes[tile]);
  }
}

void store(int tile, const Instruction& one) {
  check_tile(tile);
  for (int row = 0; row < core.rows[tile]; row++) {
    std::memcpy(reinterpret_cast<void*>(one.at + row * one.step), core.tiles[tile][row], core.row_bytes[tile]);
  }
}

float normal(float x) { return std::fabs(x) < 0x1p-126f ? std::copysign(0.0f, x) : x; }

float bfloat_at(const uint8_t* from) {
  const uint32_t bits = static_cast<uint32_t>(from[0]) << 16 | static_cast<uint32_t>(from[1]) << 24;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return normal(x);
}

float with_pairs(float sum, const uint8_t* left, int pairs, const uint8_t (*right)[kBytes], int column) {
  float even = 0, odd = 0;
  for (int k = 0; k < pairs; k++) {
    even = normal(std::fma(bfloat_at(left + 4 * k), bfloat_at(right[k] + 4 * column), even));
    odd = normal(std::fma(bfloat_at(left + 4 * k + 2), bfloat_at(right[k] + 4 * column + 2), odd));
  }

  return normal(normal(sum) + normal(even + odd));
}

int32_t with_fours(int32_t sum, const uint8_t* left, int fours, const uint8_t (*right)[kBytes], int column) {
  for (int k = 0; k < 4 * fours; k++) {
    sum += static_cast<int8_t>(left[k]) * static_cast<int>(right[k / 4][4 * column + k % 4]);
  }

  return sum;
}

template <class Number, class Add>
void multiply(const Instruction& one, const Add& add) {
  const int sum = one.first, left = one.second, right = one.third;
  check_tile(sum);
  check_tile(left);
  check_tile(right);
  require(sum != left && sum != right && left != right, "the three tiles of a product must differ");
  require(core.rows[left] == core.rows[sum] && core.row_bytes[right] == core.row_bytes[sum] &&
              core.row_bytes[left] == 4 * core.rows[right],
          "the shapes of a product must fit");
  for (int row = 0; row < core.rows[sum]; row++) {
    for (int column = 0; column < core.row_bytes[sum] / 4; column++) {
      uint8_t* const at = core.tiles[sum][row] + 4 * column;
      Number number;
      std::memcpy(&number, at, sizeof number);
      number = add(number, core.tiles[left][row], core.row_bytes[left] / 4, core.tiles[right], column);
      std::memcpy(at, &number, sizeof number);
    }
  }
}

void run(const Instruction& one) {
  if (one.opcode == 0x49 && one.is_memory && one.prefix == kNone && one.first == 0) {
    take_shapes(reinterpret_cast<const uint8_t*>(one.at));  // ldtilecfg
  } else if (one.opcode == 0x49 && !one.is_memory && one.prefix == kNone && one.first == 0 && one.second == 0) {
    core.has_shapes = false;  // tilerelease
  } else if (one.opcode == 0x49 && !one.is_memory && one.prefix == kF2 && one.second == 0) {
    check_tile(one.first);
    std::memset(core.tiles[one.first], 0, sizeof core.tiles[one.first]);  // tilezero
  } else if (one.opcode == 0x4b && one.is_memory && one.prefix == kF2) {
    load(one.first, one);  // tileloadd
  } else if (one.opcode == 0x4b && one.is_memory && one.prefix == kF3) {
    store(one.first, one);  // tilestored
  } else if (one.opcode == 0x5c && !one.is_memory && one.prefix == kF3) {
    multiply<float>(one, with_pairs);  // tdpbf16ps
  } else if (one.opcode == 0x5e && !one.is_memory && one.prefix == kF3) {
    multiply<int32_t>(one, with_fours);  // tdpbsud
  } else {
    refuse("the instruction is none that is emulated");
  }
}

void on_unknown(int, siginfo_t*, void* context) {
  greg_t* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const Instruction one = decode(registers);
  run(one);
  emulated++;
  registers[REG_RIP] = reinterpret_cast<greg_t>(one.end);
}

}  // namespace

void emulate_tiles() {
  struct sigaction action {};
  action.sa_sigaction = on_unknown;
  action.sa_flags = SA_SIGINFO;
  require(sigaction(SIGILL, &action, nullptr) == 0, "the signal must be taken");
}

long emulated_instructions() { return emulated; }

}  // namespace hone::checks
