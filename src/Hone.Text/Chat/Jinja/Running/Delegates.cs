namespace Hone.Text.Chat.Jinja;

/// <summary>Computes an expression.</summary>
internal delegate Value Evaluation(Frame frame);

/// <summary>Executes a statement.</summary>
internal delegate Flow Execution(Frame frame);

/// <summary>Gives a value to a target.</summary>
internal delegate void Assignment(Frame frame, Value value);

/// <summary>Goes through the rounds of a loop, and tells how what follows the last one ended.</summary>
/// <param name="frame">Where the loop's variables are.</param>
/// <param name="items">What it goes through.</param>
/// <param name="recurse">Goes through other items in the same way; null where the loop cannot be called.</param>
/// <param name="depth">How many loops of its kind are around it.</param>
internal delegate Flow LoopRounds(Frame frame, LoopItems items, Func<Value, int, TextValue>? recurse, int depth);
