using System.Text.Json;

namespace FaceLandmark.Control;

/// <summary>What one verb does.</summary>
internal interface ICommand
{
    /// <summary>Does it.</summary>
    /// <returns>The answer's <c>data</c>; null: none.</returns>
    /// <exception cref="CommandException">It cannot be done; the message goes into the answer.</exception>
    Task<JsonElement?> ExecuteAsync(CommandArguments arguments, CancellationToken cancellationToken);
}
