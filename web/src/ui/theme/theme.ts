import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The ten steps of woad, the accent; Mantine wants a tuple to know the name of a colour. */
const woad: MantineColorsTuple = [
  "#f0f4f8",
  "#e0eaf4",
  "#cadae9",
  "#a5c4e6",
  "#7ea6cf",
  "#5581ae",
  "#35618c",
  "#294e73",
  "#1e3b58",
  "#15293d",
];

export const theme = createTheme({
  colors: { woad },
  primaryColor: "woad",
  primaryShade: 6,
  defaultRadius: 8,
  fontFamily: "var(--font)",
  respectReducedMotion: true,
  focusRing: "auto",
  cursorType: "pointer",
});
