namespace Hone.Text.Chat.Jinja;

/// <summary>What a loop goes through.</summary>
/// <param name="Items">The items.</param>
/// <param name="Count">How many they are; null where only going through them tells.</param>
internal readonly record struct LoopItems(IEnumerable<Value> Items, int? Count);
