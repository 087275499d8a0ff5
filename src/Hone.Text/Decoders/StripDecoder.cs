using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>Takes a character off the ends of each token, at most so many times.</summary>
internal sealed class StripDecoder(Rune character, int start, int stop) : IDecoder
{
    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next) => new Stage(character.ToString(), start, stop, next);

    /// <summary>Holds back the last characters only as long as they may be at the end.</summary>
    private sealed class Stage(string character, int start, int stop, IDecodeStage next) : IDecodeStage
    {
        private int _taken;
        private int _held;

        public void Write(ReadOnlySpan<char> fragment)
        {
            while (_taken < start && fragment.StartsWith(character))
            {
                fragment = fragment[character.Length..];
                _taken++;
            }

            if (fragment.IsEmpty)
            {
                return;
            }

            _taken = start;
            var body = fragment;
            var trailing = 0;
            while (trailing < stop && body.EndsWith(character))
            {
                body = body[..^character.Length];
                trailing++;
            }

            // What was held was not at the end after all, unless this fragment only lengthens it.
            var release = body.IsEmpty ? Math.Max(0, _held + trailing - stop) : _held;
            for (; release > 0; release--, _held--)
            {
                next.Write(character);
            }

            next.Write(body);
            _held += trailing;
        }

        public void EndToken()
        {
            _held = 0;
            _taken = 0;
            next.EndToken();
        }

        public void Finish() => next.Finish();
    }
}
