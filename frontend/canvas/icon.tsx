// An icon of the page's sprite.
import { useIsland } from "./island";

export function Icon({ name, size = 16 }: { name: string; size?: 16 | 20 }) {
  const { sprite } = useIsland();
  return (
    <svg className="icon" data-size={size} width={size} height={size} aria-hidden="true">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}

/** A button with an icon alone; its name is its tooltip too. */
export function IconButton({ icon, label, onClick, pressed, haspopup }: { icon: string; label: string; onClick: (event: React.MouseEvent) => void; pressed?: boolean; haspopup?: "menu" | "dialog" }) {
  return (
    <button
      type="button"
      className="icon-button"
      data-size="small"
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      aria-haspopup={haspopup}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
