/**
 * Rooms, participants and audio. {@link dev.recaller.livekit.room.Rooms} joins a room; a
 * {@link dev.recaller.livekit.room.Room} tells its listener what happens, plays a
 * {@link dev.recaller.livekit.room.FrameSource} and hears others through an {@link dev.recaller.livekit.room.AudioIn}.
 */
@NullMarked
package dev.recaller.livekit.room;

import org.jspecify.annotations.NullMarked;
