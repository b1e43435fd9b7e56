/*
 * A V4L2 camera that is none. Preloaded (LD_PRELOAD), it answers open, ioctl, mmap, poll and close for paths below /dev/video* and /dev/v4l/ as
 * the kernel's documentation of V4L2 says a driver does, and leaves all other files alone. A device is a file in the folder that CAMERA_DOUBLE
 * names: $CAMERA_DOUBLE/dev/video90 stands for /dev/video90, and links work. Deleting it pulls the plug. Its lines, "key value", say what the
 * device is and what goes wrong; they are read again for every picture. What is asked of the devices is written to $CAMERA_DOUBLE/log.
 *
 * Keys, with their defaults in brackets: formats (YUYV,NV12,MJPG), sizes (640x480,1280x720), rates (30,15), caps (a capture device that
 * streams), padding (bytes behind each row, 0), jpeg (the file that MJPG pictures consist of), grant-format and grant-size (what is granted
 * whatever was asked for), buffers (32: the most that are granted), open-error, format-error, control-error, buffers-error, start-error,
 * take-error (errno), stall, bad-every, short-every, lose-every (every so many pictures), unstamped (the time stamps are of no known clock),
 * late-ms (how old pictures are when they come). Where caps names the multi-planar interface only (0x04001000): planes (pieces of memory of
 * a picture, 1), data-offset (bytes before the picture, 0).
 */
#ifndef CAMERA_DOUBLE_H
#define CAMERA_DOUBLE_H

#include <errno.h>
#include <linux/videodev2.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_DEVICES = 16, MOST_BUFFERS = 32, TEXT = 256 };

struct buffer {
    uint8_t *memory;
    int file; /* of the memory, for the program to map it, too */
    uint32_t length;
    int is_queued;
};

struct device {
    int file; /* 0: free */
    char path[2 * TEXT];
    int is_gone;
    struct v4l2_pix_format format;
    struct v4l2_fract interval;
    struct buffer buffers[MOST_BUFFERS];
    uint32_t count;
    uint32_t queue[MOST_BUFFERS], waiting; /* in the order in which they were queued */
    int streams;
    double due; /* when the next picture is there, seconds */
    uint32_t sequence, taken;
};


/* settings.c */
double now(void);
int fail(int error);
/* Files of the double itself, past its own open: the bytes read, or -1. */
int read_file(const char *path, uint8_t *target, size_t room);
/* Writes to the log. */
void note(const char *format, ...);
/* The value of a key, or the default; a device without its file is gone. */
const char *value_of(struct device *device, const char *key, const char *standard, char *value);
long number_of(struct device *device, const char *key, long standard);
int item_of(struct device *device, const char *key, const char *standard, uint32_t index, char *item);

/* controls.c */
int query_control(struct v4l2_query_ext_ctrl *answer);
int query_menu(struct v4l2_querymenu *answer);
int set_control(struct device *device, struct v4l2_control *asked);

/* device.c */
int answer(struct device *device, unsigned long request, void *argument);
/* 0 while no picture is there; otherwise what poll reports. */
short events_of(struct device *device);
void free_buffers(struct device *device);

#endif
