namespace FaceLandmark.Serving;

/// <summary>Why a request is not answered; each has a status of gRPC and one of HTTP.</summary>
internal enum ServingFault
{
    /// <summary>The request is not what the model takes.</summary>
    Invalid,

    /// <summary>There is no such model or version.</summary>
    NotFound,

    /// <summary>The queue is full.</summary>
    Exhausted,

    /// <summary>The server stops.</summary>
    Stopping,

    /// <summary>The engine failed.</summary>
    Engine,
}
