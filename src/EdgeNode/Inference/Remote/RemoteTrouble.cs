using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace FaceLandmark.Inference.Remote;

/// <summary>What a call of a server failed with, as a sentence for people.</summary>
internal static class RemoteTrouble
{
    /// <summary>The sentence.</summary>
    /// <param name="failure">What the call failed with.</param>
    /// <param name="server">The server.</param>
    /// <param name="model">The model that was asked for.</param>
    /// <param name="options">The settings.</param>
    public static string Explain(RpcException failure, string server, string model, RemoteOptions options)
    {
        ArgumentNullException.ThrowIfNull(failure);
        ArgumentNullException.ThrowIfNull(options);
        var said = FirstLine(failure.Status.Detail);
        if (Cause<AuthenticationException>(failure) is { } refused)
            return $"The certificate of the inference server {server} is not accepted "
                + $"({FirstLine((refused.InnerException ?? refused).Message)}): "
                + "set Engines:Remote:Tls:CaFile to its authority, and Engines:Remote:Tls:ServerName to the name in it.";
        return failure.StatusCode switch
        {
            StatusCode.DeadlineExceeded => string.Create(
                CultureInfo.InvariantCulture,
                $"The inference server {server} gave no answer within {options.Deadline.TotalSeconds:0.###} s (Engines:Remote:Deadline)."
            ),
            StatusCode.Unavailable =>
                $"The inference server {server} cannot be reached ({FirstLine(Cause<SocketException>(failure)?.Message ?? said)}): "
                    + "start it, or correct Engines:Remote:Url.",
            StatusCode.Unauthenticated or StatusCode.PermissionDenied =>
                $"The inference server {server} refuses this node ({said}): put its token into the file of Engines:Remote:TokenFile.",
            StatusCode.NotFound =>
                $"The inference server {server} does not know the model {model} ({said}): correct Engines:Remote:Model, or load it there.",
            StatusCode.ResourceExhausted => $"The inference server {server} has too much to do ({said}).",
            StatusCode.Unimplemented =>
                $"{server} does not speak the Open Inference Protocol over gRPC ({said}): correct Engines:Remote:Url; a server often has "
                    + "another port for REST.",
            _ => $"The inference server {server} could not infer ({failure.StatusCode}: {said}).",
        };
    }

    /// <summary>Whether the server itself is unwell, so that others are asked until it is well again.</summary>
    public static bool IsServers(StatusCode status) =>
        status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Unauthenticated
            or StatusCode.PermissionDenied or StatusCode.NotFound;

    private static TCause? Cause<TCause>(Exception failure)
        where TCause : Exception
    {
        var inner = (failure as RpcException)?.Status.DebugException ?? failure.InnerException;
        while (inner is not (null or TCause))
            inner = inner.InnerException;

        return inner as TCause;
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r', '.', ' ');
}
