using FaceLandmark.Platform;
using Microsoft.Extensions.Logging;

namespace FaceLandmark.Serving;

/// <summary>What is common to both protocols: finds the model, infers, counts, and turns faults into sentences. Thread-safe.</summary>
internal sealed class InferenceDesk(ServedModels models, TimeProvider time, ILogger logger)
{
    private volatile bool _isReady = true;

    /// <summary>The models.</summary>
    public ServedModels Models => models;

    /// <summary>What was answered.</summary>
    public ServeFigures Figures { get; } = new();

    /// <summary>Whether requests are taken; false once the server stops.</summary>
    public bool IsReady => _isReady;

    /// <summary>Requests under way.</summary>
    public int UnderWay => models.Networks.Sum(network => network.UnderWay);

    /// <summary>Says from now on that no more requests are taken; those that come all the same are answered.</summary>
    public void Stop() => _isReady = false;

    /// <summary>Infers one face.</summary>
    /// <param name="protocol">"grpc" or "rest".</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">Its version, or empty.</param>
    /// <param name="inputs">Reads the inputs of the request.</param>
    /// <param name="outputs">Names of the outputs asked for; none: all.</param>
    /// <param name="end">The client does not wait any more.</param>
    /// <exception cref="ServingException">There is no answer; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it.</exception>
    public async Task<(ServedModel Model, IReadOnlyList<OutputTensor> Outputs)> InferAsync(
        string protocol,
        string model,
        string version,
        Func<IReadOnlyList<InputTensor>> inputs,
        IReadOnlyList<string> outputs,
        CancellationToken end
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var began = time.GetTimestamp();
        var (known, result) = ("", "ok");
        try
        {
            var served = models.Find(model, version);
            known = served.Name;
            var answer = await served.InferAsync(inputs(), outputs, end).ConfigureAwait(false);
            foreach (var output in answer)
            {
                if (output.Values.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                    throw new ServingException(
                        ServingFault.Engine,
                        $"The model {known} gave NaN or infinity: verify it (`model verify`), or look whether its device is well."
                    );
            }

            return (served, answer);
        }
        catch (ServingException reason)
        {
            result = reason.Fault.Word();
            throw;
        }
        catch (OperationCanceledException)
        {
            result = "cancelled";
            throw;
        }
#pragma warning disable CA1031 // an edge: a bug is logged whole and becomes an answer
        catch (Exception bug)
#pragma warning restore CA1031
        {
            result = "bug";
            logger.RequestBug(bug);
            throw new ServingException(ServingFault.Engine, "The server met an unexpected fault; its log has more.", bug);
        }
        finally
        {
            Figures.Count(known, protocol, result, time.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
