using System.Globalization;
using Spectre.Console;

namespace FaceLandmark.CommandLine;

/// <summary>
/// Questions to a person at a terminal. Choices have numbers: they work on a serial line and with a screen reader, too. Enter takes what is
/// in parentheses.
/// </summary>
/// <param name="console">The terminal.</param>
/// <param name="stop">Ends a question by an <see cref="OperationCanceledException"/>.</param>
internal sealed class Questions(IAnsiConsole console, CancellationToken stop)
{
    /// <summary>A line for people.</summary>
    public void Say(string sentence) => console.WriteLine(sentence);

    /// <summary>A line that starts a new subject.</summary>
    public void Title(string title)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{Markup.Escape(title)}[/]");
    }

    /// <summary>Asks for one of several choices.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="choices">The choices, a line each.</param>
    /// <param name="preset">Number of the choice that Enter takes.</param>
    /// <returns>Number of the choice, from 0.</returns>
    public async Task<int> ChooseAsync(string question, IReadOnlyList<string> choices, int preset)
    {
        ArgumentNullException.ThrowIfNull(choices);
        for (var i = 0; i < choices.Count; i++)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}  {choices[i]}"));
        var wrong = $"Give a number from 1 to {choices.Count}.";
        var number = await AskAsync(
            question,
            (preset + 1).ToString(CultureInfo.InvariantCulture),
            text => NumberOf(text) is > 0 and var given && given <= choices.Count ? null : wrong
        );
        return NumberOf(number) - 1;
    }

    /// <summary>Asks for a text.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="preset">What Enter takes; empty: nothing.</param>
    /// <param name="problem">What is wrong with an answer, a sentence, or null.</param>
    public async Task<string> AskAsync(string question, string preset, Func<string, string?>? problem = null)
    {
        var prompt = new TextPrompt<string>(Markup.Escape(question)) { AllowEmpty = true };
        if (preset.Length > 0)
            prompt.DefaultValue(preset);
        prompt.Validate(answer =>
            problem?.Invoke(answer.Trim()) is { } sentence ? ValidationResult.Error(Markup.Escape(sentence)) : ValidationResult.Success()
        );
        return (await prompt.ShowAsync(console, stop)).Trim();
    }

    /// <summary>Asks for a text that nobody may see.</summary>
    public Task<string> AskSecretAsync(string question) =>
        new TextPrompt<string>(Markup.Escape(question)) { AllowEmpty = true, IsSecret = true, Mask = null }.ShowAsync(console, stop);

    /// <summary>Asks for yes or no.</summary>
    public async Task<bool> ConfirmAsync(string question, bool preset)
    {
        var answer = await AskAsync(question, preset ? "yes" : "no", text => IsYes(text) is null ? "Answer yes or no." : null);
        return IsYes(answer) == true;
    }

    /// <summary>Shows a table.</summary>
    public void Show(Table table) => console.Write(table);

    private static bool? IsYes(string text) =>
        text.ToUpperInvariant() switch
        {
            "Y" or "YES" => true,
            "N" or "NO" => false,
            _ => null,
        };

    private static int NumberOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
