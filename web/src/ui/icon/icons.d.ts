declare module "*.svg?icon" {
  const icon: import("./drawn").Icon;
  export default icon;
}
