namespace FaceLandmark.Models.Evaluation;

/// <summary>Errors over some of the faces of a list, in percent.</summary>
/// <param name="Count">Faces.</param>
/// <param name="NmeMean">Mean of the normalised mean error.</param>
/// <param name="NmeMedian">Median of it.</param>
/// <param name="FailureRate10">Share of faces with an error above 10 %.</param>
/// <param name="Refused">Share of faces whose points the node does not accept as a face.</param>
internal sealed record ErrorGroup(int Count, double NmeMean, double NmeMedian, double FailureRate10, double Refused);
