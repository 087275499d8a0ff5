using System.Buffers.Binary;
using System.Numerics;

namespace Hone.Data;

/// <summary>XXH64 with seed 0, the checksum of Zstandard frames (RFC 8878, 3.1.1).</summary>
internal sealed class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int Stripe = 32;

    private readonly ulong[] _lanes = [unchecked(Prime1 + Prime2), Prime2, 0, unchecked(0 - Prime1)];
    private readonly byte[] _pending = new byte[Stripe];
    private int _pendingCount;
    private ulong _length;

    /// <summary>Continues over more bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)bytes.Length;
        if (_pendingCount > 0)
        {
            var taken = Math.Min(Stripe - _pendingCount, bytes.Length);
            bytes[..taken].CopyTo(_pending.AsSpan(_pendingCount));
            _pendingCount += taken;
            bytes = bytes[taken..];
            if (_pendingCount < Stripe)
            {
                return;
            }

            Consume(_pending);
        }

        for (; bytes.Length >= Stripe; bytes = bytes[Stripe..])
        {
            Consume(bytes);
        }

        bytes.CopyTo(_pending);
        _pendingCount = bytes.Length;
    }

    /// <summary>The hash of all bytes so far.</summary>
    public ulong Finish()
    {
        var hash = Prime5;
        if (_length >= Stripe)
        {
            hash = BitOperations.RotateLeft(_lanes[0], 1) + BitOperations.RotateLeft(_lanes[1], 7)
                + BitOperations.RotateLeft(_lanes[2], 12) + BitOperations.RotateLeft(_lanes[3], 18);
            foreach (var lane in _lanes)
            {
                hash = ((hash ^ Round(0, lane)) * Prime1) + Prime4;
            }
        }

        hash += _length;
        var rest = _pending.AsSpan(0, _pendingCount);
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
        }

        if (rest.Length >= 4)
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
            hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (var value in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (value * Prime5), 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong lane, ulong word) => BitOperations.RotateLeft(lane + (word * Prime2), 31) * Prime1;

    private void Consume(ReadOnlySpan<byte> stripe)
    {
        for (var i = 0; i < 4; i++)
        {
            _lanes[i] = Round(_lanes[i], BinaryPrimitives.ReadUInt64LittleEndian(stripe[(8 * i)..]));
        }
    }
}
