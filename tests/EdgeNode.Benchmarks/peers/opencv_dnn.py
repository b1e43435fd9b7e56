#!/usr/bin/python3
"""What one would write first: faces' points by OpenCV's DNN, sent by paho. `bench --peer` compares with it.

    opencv_dnn.py FILM MODEL X,Y,SIDE HOST PORT TOPIC WARM FRAMES

The film is what a camera gives: frames of 640x480 in YUY2, one after the other. It is read forwards and backwards. The model is the
node's own network in FP32. One face is followed: its region in the first frame is given, and each next one is the square around the
points of the frame before. There is no detector, no smoothing and no check whether there is a face, all of which the node has.

Debian: python3-opencv, python3-paho-mqtt.
"""
import json
import resource
import sys
import time

import cv2
import numpy as np
import paho.mqtt.client as mqtt

WIDTH, HEIGHT, SIZE = 640, 480, 256
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
MARGIN = 1.25


def connect(host, port):
    # paho 2 wants to be told which of its interfaces is meant.
    version = getattr(mqtt, "CallbackAPIVersion", None)
    client = mqtt.Client(version.VERSION2) if version else mqtt.Client()
    client.connect(host, port)
    client.loop_start()
    return client


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    film, model, region, host, port, topic, warm, frames = sys.argv[1:]
    x, y, side = (float(part) for part in region.split(","))
    warm, frames = int(warm), int(frames)
    pictures = np.memmap(film, np.uint8, "r").reshape(-1, HEIGHT, WIDTH, 2)
    turn = 2 * len(pictures) - 2
    network = cv2.dnn.readNetFromONNX(model)
    outputs = network.getUnconnectedOutLayersNames()
    client = connect(host, int(port))
    for number in range(warm + frames):
        if number == warm:
            began, processor = time.monotonic(), processor_seconds()
        place = number % turn
        yuy2 = np.array(pictures[place if place < len(pictures) else turn - place])
        rgb = cv2.cvtColor(yuy2, cv2.COLOR_YUV2RGB_YUY2)
        scale = SIZE / side
        face = cv2.warpAffine(rgb, np.float32([[scale, 0, -x * scale], [0, scale, -y * scale]]), (SIZE, SIZE))
        blob = ((face.astype(np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)[np.newaxis]
        network.setInput(blob)
        points = next(output for output in network.forward(outputs) if output.size > 1).reshape(-1, 2) * side + (x, y)
        client.publish(topic, json.dumps({"seq": number, "points": points.round(2).tolist()}))
        low, high = points.min(axis=0), points.max(axis=0)
        side = MARGIN * float((high - low).max())
        x, y = (float(part) for part in (low + high - side) / 2)
    seconds = time.monotonic() - began
    result = {"frames": frames, "seconds": seconds, "cpuSeconds": processor_seconds() - processor}
    client.loop_stop()
    client.disconnect()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
